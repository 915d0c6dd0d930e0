// SPDX-License-Identifier: Apache-2.0
import static java.util.stream.Collectors.joining;
import static javax.lang.model.util.ElementFilter.methodsIn;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.ToolProvider;

/**
 * Writes one {@code Guarded*} class for each JDBC interface an application sees. Each method first sees that its
 * connection handle is open, then forwards to the driver's object, and shows every {@link java.sql.SQLException} to the
 * owner of the handle on its way out. Those that make the server run a statement are counted in and out. What is
 * read of a result set is recorded by a class of its own, {@code RecordedResultSet}.
 *
 * <p>Run as {@code java GuardedJdbc.java <release> <package> <output folder>}. The interfaces are read as
 * of that Java release, so the output does not depend on the JDK that runs the build.
 */
final class GuardedJdbc {

    /** What makes the server run something that can write; the methods of Connection are written by hand. */
    private static final Pattern RUNS = Pattern.compile("execute.*|(insert|update|delete)Row");

    /** What takes a text that the server will run, now or later. */
    private static final Pattern TAKES_SQL = Pattern.compile("execute.*|prepareStatement|prepareCall|addBatch");

    /** What of a connection is a statement's, which has a timeout of its own; the rest waits no longer than its owner. */
    private static final Pattern OF_STATEMENTS = Pattern.compile("createStatement|prepare.*|[gs]etNetworkTimeout");

    /** What of a result set gives something of the row, or of the rows, to whoever reads on. */
    private static final Pattern READS =
            Pattern.compile("get.*|wasNull|findColumn|is(BeforeFirst|AfterLast|First|Last)");

    /** What of it says nothing of the rows, and does nothing to them. */
    private static final Pattern NEUTRAL = Pattern.compile(
            "get(Statement|Type|Concurrency|Holdability|FetchSize|FetchDirection|CursorName)|setFetch.*|clearWarnings");

    /** What another thread may call, or what nobody can call once more. */
    private static final Pattern NOT_RECORDED = Pattern.compile("cancel");

    private static final Pattern TAINTS = Pattern.compile("prepareCall|setTypeMap");

    /** What a parameter cannot be of that is kept. */
    private static final Pattern PASSING = Pattern.compile(".*(Stream|Reader|Blob|Clob|SQLXML|Array|Ref|RowId|Map)");

    /** Each interface, with the one whose guarded class its own extends. */
    private static final Map<String, String> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("Connection", "");
        TYPES.put("DatabaseMetaData", "");
        TYPES.put("ResultSet", "");
        TYPES.put("Statement", "");
        TYPES.put("PreparedStatement", "Statement");
        TYPES.put("CallableStatement", "PreparedStatement");
    }

    private final Elements elements;
    private final Types types;

    private GuardedJdbc(String release) {
        var javac = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("--release", release), List.of("java.lang.Object"), List.of());
        elements = javac.getElements();
        types = javac.getTypes();
    }

    public static void main(String[] args) throws IOException {
        var generator = new GuardedJdbc(args[0]);
        var folder = Files.createDirectories(Path.of(args[2], args[1].split("\\.")));
        for (var name : TYPES.keySet()) {
            Files.writeString(folder.resolve("Guarded" + name + ".java"), generator.source(args[1], name));
        }
        Files.writeString(folder.resolve("RecordedResultSet.java"), generator.recordedRows(args[1]));
        Files.writeString(folder.resolve("RowMethods.java"), generator.rowReader(args[1]));
    }

    private String source(String target, String name) {
        String parent = TYPES.get(name);
        return """
                package %1$s;

                @SuppressWarnings({"deprecation", "unchecked"})
                %5$sclass Guarded%2$s<D extends java.sql.%2$s> extends %3$s<D> implements java.sql.%2$s {

                    Guarded%2$s(D delegate, @org.jspecify.annotations.Nullable Guarded<?> parent) {
                        super(delegate, parent);
                    }
                %4$s}
                """.formatted(
                        target,
                        name,
                        parent.isEmpty() ? "Guarded" : "Guarded" + parent,
                        methods(name, parent),
                        name.equals("Connection") ? "abstract " : "");
    }

    /** Only the methods by which rows are read; the others are those of its guarded class. */
    private String recordedRows(String target) {
        var type = (DeclaredType) jdbc("ResultSet").asType();
        var reads = reads();
        return """
                package %s;

                @SuppressWarnings({"deprecation", "unchecked"})
                final class RecordedResultSet<D extends java.sql.ResultSet> extends Reads<D> {

                    RecordedResultSet(D delegate, @org.jspecify.annotations.Nullable Guarded<?> parent) {
                        super(delegate, parent);
                    }
                %s}
                """.formatted(
                        target,
                        sorted("ResultSet")
                                .filter(method -> isMove(method) || reads.contains(method))
                                .map(method -> declaration(
                                        method,
                                        (ExecutableType) types.asMemberOf(type, method),
                                        isMove(method)
                                                ? RECORDED.formatted("currentToMove()", "moved(current, target.next())")
                                                : RECORDED.formatted(
                                                        "current()",
                                                        "read(current, %d, %s, %s)"
                                                                .formatted(
                                                                        reads.indexOf(method),
                                                                        position(method),
                                                                        plain(method)))))
                                .collect(joining()));
    }

    private static boolean isMove(ExecutableElement method) {
        return method.getSimpleName().contentEquals("next");
    }

    private static String plain(ExecutableElement method) {
        return "target."
                + method.getSimpleName()
                + method.getParameters().stream().map(Object::toString).collect(joining(", ", "(", ")"));
    }

    /** The same methods of a result set by their numbers, which are their places in this list. */
    private String rowReader(String target) {
        var reads = reads();
        return """
                package %s;

                /** Calls each method by which rows are read. */
                @SuppressWarnings({"deprecation", "unchecked"})
                final class RowMethods implements dev.reprise.replay.RowReader {

                    @Override
                    public void read(
                            java.sql.ResultSet rows,
                            int method,
                            int column,
                            @org.jspecify.annotations.Nullable String label,
                            @org.jspecify.annotations.Nullable Object more,
                            dev.reprise.replay.Digest digest)
                            throws java.sql.SQLException, dev.reprise.replay.Differs {
                        switch (method) {
                %s            default -> throw new IllegalArgumentException("method " + method);
                        }
                    }
                }
                """.formatted(
                        target,
                        IntStream.range(0, reads.size())
                                .mapToObj(i -> "            case %d -> digest.put(rows.%s(%s));\n"
                                        .formatted(
                                                i,
                                                reads.get(i).getSimpleName(),
                                                reads.get(i).getParameters().stream()
                                                        .map(GuardedJdbc::kept)
                                                        .collect(joining(", "))))
                                .collect(joining()));
    }

    private static String kept(VariableElement parameter) {
        return switch (parameter.asType().toString()) {
            case "int" -> "column";
            case "java.lang.String" -> "label";
            default -> "(" + parameter.asType().toString().replaceAll("<.*>", "<Object>") + ") more";
        };
    }

    private List<ExecutableElement> reads() {
        return sorted("ResultSet").filter(GuardedJdbc::isRead).toList();
    }

    private static boolean isRead(ExecutableElement method) {
        var name = method.getSimpleName().toString();
        return READS.matcher(name).matches()
                && !NEUTRAL.matcher(name).matches()
                && !(name.equals("getBigDecimal") && method.getParameters().size() > 1)
                && method.getParameters().stream()
                        .noneMatch(
                                each -> PASSING.matcher(each.asType().toString().replaceAll("<.*>", ""))
                                        .matches());
    }

    private Stream<ExecutableElement> sorted(String name) {
        return methodsIn(elements.getAllMembers(jdbc(name))).stream()
                .filter(GuardedJdbc::isGuarded)
                .sorted(Comparator.comparing(ExecutableElement::toString));
    }

    private String methods(String name, String parent) {
        var type = (DeclaredType) jdbc(name).asType();
        var inherited = parent.isEmpty() ? List.of() : elements.getAllMembers(jdbc(parent));
        return sorted(name)
                .filter(method -> !inherited.contains(method))
                .map(method -> method(name, method, (ExecutableType) types.asMemberOf(type, method)))
                .collect(joining());
    }

    /** Wrapper's methods, and the two that throw SQLClientInfoException, are written by hand. */
    private static boolean isGuarded(ExecutableElement method) {
        return method.getEnclosingElement().toString().startsWith("java.sql.")
                && !method.getEnclosingElement().toString().equals("java.sql.Wrapper")
                && !method.getModifiers().contains(Modifier.STATIC)
                && !method.getThrownTypes().toString().equals("java.sql.SQLClientInfoException");
    }

    private String method(String interfaceName, ExecutableElement method, ExecutableType type) {
        return declaration(method, type, body(interfaceName, method, type));
    }

    private static String declaration(ExecutableElement method, ExecutableType type, String body) {
        var name = method.getSimpleName().toString();
        var generics = method.getTypeParameters().isEmpty()
                ? ""
                : "<" + method.getTypeParameters().get(0) + "> ";
        var names = method.getParameters();
        var parameters = IntStream.range(0, names.size())
                .mapToObj(i -> type.getParameterTypes().get(i) + " " + names.get(i))
                .collect(joining(", "));
        return """

                    @Override
                    public %s%s %s(%s)%s {
                %s    }
                """.formatted(
                        generics,
                        type.getReturnType(),
                        name,
                        parameters,
                        type.getThrownTypes().isEmpty() ? "" : " throws java.sql.SQLException",
                        body);
    }

    private String body(String interfaceName, ExecutableElement method, ExecutableType type) {
        var name = method.getSimpleName().toString();
        boolean isVoid = type.getReturnType().getKind() == TypeKind.VOID;
        String result = isVoid ? "" : "return ";
        if (name.equals("close")) {
            return "        closeBy(" + LAMBDA
                    + "{\n            target.close();\n            return null;\n        });\n";
        }
        if (name.equals("isClosed")) {
            return IS_CLOSED;
        }
        var arguments = method.getParameters().stream().map(Object::toString).collect(joining(", "));
        if (type.getThrownTypes().isEmpty()) {
            return "        " + result + "delegate." + name + "(" + arguments + ");\n";
        }
        String look = look(name, method.getParameters());
        if (interfaceName.equals("ResultSet") && (isMove(method) || isRead(method))) {
            return DIRECT.formatted(plain(method));
        }
        boolean passing = method.getParameters().stream()
                .anyMatch(each -> PASSING.matcher(raw(each)).matches());
        boolean rows = interfaceName.equals("ResultSet");
        boolean taints = passing
                || TAINTS.matcher(name).matches()
                || (rows && !NEUTRAL.matcher(name).matches());
        String taint = taints ? "        taint(\"" + interfaceName + "." + name + "\");\n" : "";
        var given = Given.of(method.getParameters());
        String call = isVoid
                ? LAMBDA
                        + "{\n            target.%s(%s);\n            return null;\n        }"
                                .formatted(name, given.arguments())
                : LAMBDA + "target.%s(%s)".formatted(name, given.arguments());
        boolean recorded = !rows && !NOT_RECORDED.matcher(name).matches();
        String way = way(interfaceName, name, recorded) + call + ", " + given.passed() + ")";
        boolean made = TYPES.containsKey(simpleName(type.getReturnType()));
        String last = made
                ? "        %s given = %s;\n        return guard(given);\n".formatted(type.getReturnType(), way)
                : "        " + result + way + ";\n";
        return taint + look + last;
    }

    private static String raw(VariableElement parameter) {
        return parameter.asType().toString().replaceAll("<.*>", "");
    }

    private static final String LAMBDA = "(target, index, number, value) -> ";

    /**
     * What a method is given, on its way through an int, a long and an object, so that the lambda which calls it holds
     * nothing.
     *
     * @param passed the three
     * @param arguments of the method, made of them
     */
    private record Given(String passed, String arguments) {

        static Given of(List<? extends VariableElement> parameters) {
            String index = "0";
            String number = "0";
            var objects = new ArrayList<VariableElement>();
            var arguments = new ArrayList<String>();
            for (VariableElement each : parameters) {
                var type = each.asType();
                if (index.equals("0") && type.getKind() == TypeKind.INT) {
                    index = each.toString();
                    arguments.add("index");
                } else if (number.equals("0") && type.getKind().isPrimitive()) {
                    number = bits(type.toString(), each.toString());
                    arguments.add(ofBits(type.toString()));
                } else {
                    objects.add(each);
                    arguments.add("");
                }
            }
            for (VariableElement each : objects) {
                String place = objects.size() == 1 ? "value" : "((Object[]) value)[" + objects.indexOf(each) + "]";
                arguments.set(arguments.indexOf(""), cast(each.asType().toString(), place));
            }
            String value = switch (objects.size()) {
                case 0 -> "null";
                case 1 -> objects.get(0).toString();
                default ->
                    "new Object[] {%s}"
                            .formatted(objects.stream().map(Object::toString).collect(joining(", ")));
            };
            return new Given(String.join(", ", index, number, value), String.join(", ", arguments));
        }

        private static String cast(String type, String place) {
            return switch (type) {
                case "java.lang.Object" -> place;
                case "java.sql.Savepoint" -> "GuardedSavepoint.driversOwn((java.sql.Savepoint) " + place + ")";
                default -> "(" + type + ") " + place;
            };
        }

        private static String bits(String type, String value) {
            return switch (type) {
                case "boolean" -> value + " ? 1 : 0";
                case "float" -> "Float.floatToRawIntBits(" + value + ")";
                case "double" -> "Double.doubleToRawLongBits(" + value + ")";
                default -> value;
            };
        }

        private static String ofBits(String type) {
            return switch (type) {
                case "boolean" -> "number != 0";
                case "long" -> "number";
                case "float" -> "Float.intBitsToFloat((int) number)";
                case "double" -> "Double.longBitsToDouble(number)";
                default -> "(" + type + ") number";
            };
        }
    }

    private static String way(String interfaceName, String name, boolean recorded) {
        if (interfaceName.equals("Connection") && !OF_STATEMENTS.matcher(name).matches()) {
            return "patiently(";
        }
        if (RUNS.matcher(name).matches()) {
            return "run(";
        }
        if (!recorded) {
            return NOT_RECORDED.matcher(name).matches() ? "direct(" : "pass(";
        }
        return name.equals("getGeneratedKeys")
                ? "call(dev.reprise.replay.Kind.KEYS, "
                : "call(dev.reprise.replay.Kind.PLAIN, ";
    }

    /** Column, label, and what else a method takes. */
    private static String position(ExecutableElement method) {
        var names = method.getParameters();
        String first = names.isEmpty() ? "" : names.get(0).asType().toString();
        return (first.equals("int") ? names.get(0) : "0")
                + ", "
                + (first.equals("java.lang.String") ? names.get(0) : "null")
                + ", "
                + (names.size() > 1 ? names.get(1) : "null");
    }

    /** The owner reads the text first. */
    private static String look(String name, List<? extends VariableElement> parameters) {
        boolean takesSql = TAKES_SQL.matcher(name).matches()
                && !parameters.isEmpty()
                && parameters.get(0).asType().toString().equals("java.lang.String");
        return takesSql ? "        owner().sees(" + parameters.get(0) + ");\n" : "";
    }

    private static final String DIRECT = """
                    D target = delegate();
                    try {
                        return %s;
                    } catch (java.sql.SQLException e) {
                        throw failed(e);
                    }
            """;

    private static final String RECORDED = """
                    while (true) {
                        dev.reprise.replay.Reading current = %s;
                        D target = current == null ? delegate() : delegate;
                        try {
                            return %s;
                        } catch (java.sql.SQLException e) {
                            throwReadUnlessMadeGood(e);
                        }
                    }
            """;

    private static final String IS_CLOSED = """
                    if (!isOpen()) {
                        return true;
                    }
                    try {
                        return delegate.isClosed();
                    } catch (java.sql.SQLException e) {
                        throw failed(e);
                    }
            """;

    private static String simpleName(TypeMirror type) {
        return type.toString().replace("java.sql.", "");
    }

    private TypeElement jdbc(String name) {
        return elements.getTypeElement("java.sql." + name);
    }
}
