// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.wildfly.CrashPoint.InCode;
import dev.reprise.wildfly.CrashPoint.Kind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which points are passed. */
final class CrashPoints {

    private static final List<Link> BOTH = List.of(Link.REPRISE, Link.POSTGRESQL);
    private static final List<Link> BOTH_BACK = List.of(Link.POSTGRESQL, Link.REPRISE);
    private static final List<List<Link>> OTHERS =
            List.of(List.of(Link.REPRISE, Link.SECOND), List.of(Link.POSTGRESQL, Link.POSTGRESQL_SECOND));

    private CrashPoints() {}

    /** Each database comes first and second. */
    static List<CrashPoint> all() {
        return together(Stream.of(two(BOTH), two(BOTH_BACK), onePhase(), others(OTHERS)));
    }

    /** The last before and the first after each change of what is left to recovery, in one of the two orders. */
    static List<CrashPoint> representative() {
        return together(Stream.of(changes(two(BOTH)), changes(onePhase()), others(List.of(BOTH_BACK)), others(OTHERS)));
    }

    /**
     * @param expression the value of {@code -Dcrashes.point}
     * @throws IllegalArgumentException if it is no regular expression, or is found in none of the points
     */
    static List<CrashPoint> named(String expression, List<CrashPoint> points) {
        Pattern pattern = pattern(expression);
        List<CrashPoint> named = points.stream()
                .filter(point -> pattern.matcher(point.toString()).find())
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("crashes.point=" + expression + " matches none of these points:"
                    + points.stream().map(point -> "\n  " + point).collect(Collectors.joining()));
        }
        return named;
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("crashes.point is not a regular expression: " + e.getMessage(), e);
        }
    }

    /** That a JVM halts itself at. */
    static Set<InCode> inCode(List<CrashPoint> points) {
        return points.stream()
                .map(CrashPoint::trap)
                .filter(InCode.class::isInstance)
                .map(InCode.class::cast)
                .collect(Collectors.toSet());
    }

    private static List<CrashPoint> together(Stream<List<CrashPoint>> lists) {
        return lists.flatMap(List::stream).distinct().toList();
    }

    private static List<CrashPoint> changes(List<CrashPoint> points) {
        return IntStream.range(0, points.size())
                .filter(i -> isChange(points, i) || isChange(points, i + 1))
                .mapToObj(points::get)
                .toList();
    }

    /** Whether at this point something else is left than at the one before it, in the same transaction. */
    private static boolean isChange(List<CrashPoint> points, int i) {
        if (i == 0 || i == points.size()) {
            return false;
        }
        CrashPoint before = points.get(i - 1);
        CrashPoint here = points.get(i);
        return before.kind() == here.kind() && before.links().equals(here.links()) && !before.isLike(here);
    }

    private static List<CrashPoint> two(List<Link> links) {
        return together(Stream.of(
                new Timeline(Kind.TWO_PHASE, links).twoPhase(),
                new Timeline(Kind.ROLLED_BACK, links).rolledBack(),
                new Timeline(Kind.NOT_PREPARED, links).notPrepared()));
    }

    private static List<CrashPoint> onePhase() {
        return together(Stream.of(
                new Timeline(Kind.ONE_PHASE, List.of(Link.REPRISE)).onePhaseCommit(),
                new Timeline(Kind.ONE_PHASE, List.of(Link.POSTGRESQL)).onePhaseCommit()));
    }

    /** Of further pairs those before and after the decision. */
    private static List<CrashPoint> others(List<List<Link>> pairs) {
        return pairs.stream()
                .flatMap(links -> new Timeline(Kind.TWO_PHASE, links)
                        .twoPhase().stream()
                                .filter(point -> point.trap()
                                                .equals(Timeline.before(
                                                        links.get(1),
                                                        links.get(1).dialect().prepare()))
                                        || point.trap()
                                                .equals(Timeline.before(
                                                        links.get(0),
                                                        links.get(0).dialect().commitPrepared()))))
                .toList();
    }
}
