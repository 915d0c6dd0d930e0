// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the places of one class where {@link RetryTransaction} could not do what it says. */
final class Misuse {
    private final AnnotatedType<?> type;
    private final List<String> problems = new ArrayList<>();

    private Misuse(AnnotatedType<?> type) {
        this.type = type;
    }

    /** One line per problem: where, what is wrong, what to write instead. */
    static List<String> of(AnnotatedType<?> type) {
        Misuse misuse = new Misuse(type);
        if (!Modifier.isAbstract(type.getJavaClass().getModifiers())) {
            misuse.check();
        }
        return misuse.problems;
    }

    private void check() {
        boolean wholeType = type.isAnnotationPresent(RetryTransaction.class);
        List<? extends AnnotatedMethod<?>> methods = type.getMethods().stream()
                .filter(method -> !method.getJavaMember().isSynthetic())
                .filter(method -> method.isAnnotationPresent(RetryTransaction.class)
                        || (wholeType && BeanKind.isBusiness(method)))
                .sorted(Comparator.comparing(method -> method.getJavaMember().toString()))
                .toList();
        if (!wholeType && methods.isEmpty()) {
            return;
        }
        checkPolicy(type, type.getJavaClass().getName());
        methods.forEach(method -> checkPolicy(method, nameOf(method)));
        Optional<String> unfit = BeanKind.unfit(type);
        if (unfit.isPresent()) {
            problems.add(type.getJavaClass().getName() + " " + unfit.get());
            return;
        }
        if (wholeType && Modifier.isFinal(type.getJavaClass().getModifiers())) {
            problems.add(type.getJavaClass().getName() + " is final, so no interceptor can run: remove final");
        }
        for (AnnotatedMethod<?> method : methods) {
            BeanKind.unfit(type, method).ifPresent(why -> problems.add(nameOf(method) + " " + why));
        }
    }

    private void checkPolicy(Annotated element, String where) {
        RetryTransaction annotation = element.getAnnotation(RetryTransaction.class);
        if (annotation == null) {
            return;
        }
        try {
            RetryPolicy.of(annotation);
        } catch (IllegalArgumentException invalid) {
            problems.add(where + ": in @RetryTransaction, " + invalid.getMessage());
        }
    }

    private String nameOf(AnnotatedMethod<?> method) {
        return type.getJavaClass().getName() + "." + method.getJavaMember().getName();
    }
}
