// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.transaction.Transactional;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which kinds of beans and methods cannot have their transaction begun by the retry, and what to write instead. */
final class BeanKind {
    private static final String STATELESS = "jakarta.ejb.Stateless";

    /** Compared by name, since a server without enterprise beans lacks these classes. */
    private static final Map<String, String> UNFIT_TYPES = Map.of(
            "jakarta.ejb.Singleton",
            "is a @Singleton enterprise bean, whose lock would be held while a retry waits:"
                    + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)",
            "jakarta.ejb.Stateful",
            "is a @Stateful bean, which would keep the state of a failed attempt:"
                    + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)",
            "jakarta.ejb.MessageDriven",
            "is a @MessageDriven bean, whose messages the container delivers again after a rollback:"
                    + " remove @RetryTransaction");

    private static final String TIMER = "is called by a timer, which this interceptor does not see:"
            + " move the work to a method of another bean and call that";
    private static final String ASYNCHRONOUS = "is @Asynchronous, so its caller does not wait for a transaction:"
            + " move the work to a method of another bean and call that";

    private static final Map<String, String> UNFIT_METHODS = Map.of(
            "jakarta.ejb.Schedule", TIMER,
            "jakarta.ejb.Schedules", TIMER,
            "jakarta.ejb.Timeout", TIMER,
            "jakarta.ejb.Asynchronous", ASYNCHRONOUS,
            "jakarta.enterprise.concurrent.Asynchronous", ASYNCHRONOUS);

    private static final Set<String> LIFECYCLE =
            Set.of("jakarta.annotation.PostConstruct", "jakarta.annotation.PreDestroy");

    private BeanKind() {}

    static Optional<String> unfit(AnnotatedType<?> type) {
        Optional<String> found = annotatedWith(type, UNFIT_TYPES);
        return found.isPresent() || !has(type, STATELESS) ? found : Optional.ofNullable(beanManaged(type));
    }

    static Optional<String> unfit(AnnotatedType<?> type, AnnotatedMethod<?> method) {
        Optional<String> found = annotatedWith(method, UNFIT_METHODS).or(() -> annotatedWith(type, UNFIT_METHODS));
        if (found.isPresent()) {
            return found;
        }
        int modifiers = method.getJavaMember().getModifiers();
        for (int kind : new int[] {Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL}) {
            if ((modifiers & kind) != 0) {
                String word = Modifier.toString(kind);
                return Optional.of("is " + word + ", so no interceptor can run: remove " + word);
            }
        }
        return Optional.ofNullable(has(type, STATELESS) ? attribute(method) : transactional(type, method));
    }

    /** Is it meant by an annotation on the class? Methods that only a container calls are, if they cannot be retried. */
    static boolean isBusiness(AnnotatedMethod<?> method) {
        int modifiers = method.getJavaMember().getModifiers();
        return annotatedWith(method, UNFIT_METHODS).isPresent()
                || (Modifier.isPublic(modifiers)
                        && !Modifier.isStatic(modifiers)
                        && method.getJavaMember().getDeclaringClass() != Object.class
                        && LIFECYCLE.stream().noneMatch(callback -> has(method, callback)));
    }

    private static @Nullable String beanManaged(AnnotatedType<?> type) {
        TransactionManagement management = type.getAnnotation(TransactionManagement.class);
        return management == null || management.value() == TransactionManagementType.CONTAINER
                ? null
                : "manages its transactions itself: remove @TransactionManagement(BEAN) and write"
                        + " @TransactionAttribute(SUPPORTS), or remove @RetryTransaction and use RetryingTransaction";
    }

    /** Enterprise Beans, core features, 8.3.7.1: on the method, else on the class that declares it, else REQUIRED. */
    private static @Nullable String attribute(AnnotatedMethod<?> method) {
        TransactionAttribute written = method.getAnnotation(TransactionAttribute.class);
        if (written == null) {
            written = method.getJavaMember().getDeclaringClass().getAnnotation(TransactionAttribute.class);
        }
        if (written != null && written.value() == TransactionAttributeType.SUPPORTS) {
            return null;
        }
        String value =
                written == null ? "REQUIRED (the default)" : written.value().name();
        return "has the transaction attribute " + value + ", so the container decides about its transaction:"
                + " write @TransactionAttribute(SUPPORTS), or leave the bean as it is, remove @RetryTransaction"
                + " and bind RetryContainerInterceptor in jboss-ejb3.xml (WildFly)";
    }

    private static @Nullable String transactional(AnnotatedType<?> type, AnnotatedMethod<?> method) {
        Transactional written = method.getAnnotation(Transactional.class);
        if (written == null) {
            written = type.getAnnotation(Transactional.class);
        }
        if (written == null) {
            return null;
        }
        return switch (written.value()) {
            case REQUIRED, MANDATORY, SUPPORTS -> null; // these join the transaction that the retry begins
            case REQUIRES_NEW, NOT_SUPPORTED, NEVER ->
                "is @Transactional(" + written.value() + "), which leaves the transaction that the retry begins:"
                        + " remove @Transactional";
        };
    }

    private static Optional<String> annotatedWith(Annotated element, Map<String, String> unfit) {
        return element.getAnnotations().stream()
                .map(annotation -> unfit.get(annotation.annotationType().getName()))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static boolean has(Annotated element, String annotation) {
        return element.getAnnotations().stream()
                .anyMatch(present -> present.annotationType().getName().equals(annotation));
    }
}
