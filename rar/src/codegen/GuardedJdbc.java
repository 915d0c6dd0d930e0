// SPDX-License-Identifier: Apache-2.0
import static java.util.stream.Collectors.joining;
import static javax.lang.model.util.ElementFilter.methodsIn;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
 * owner of the handle on its way out. Those that make the server run a statement are counted in and out.
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
    }

    private String source(String target, String name) {
        String parent = TYPES.get(name);
        return """
                package %1$s;

                @SuppressWarnings("deprecation")
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

    private String methods(String name, String parent) {
        var type = (DeclaredType) jdbc(name).asType();
        var inherited = parent.isEmpty() ? List.of() : elements.getAllMembers(jdbc(parent));
        return methodsIn(elements.getAllMembers(jdbc(name))).stream()
                .filter(method -> !inherited.contains(method) && isGuarded(method))
                .sorted(Comparator.comparing(ExecutableElement::toString))
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

    private static String method(String interfaceName, ExecutableElement method, ExecutableType type) {
        var name = method.getSimpleName().toString();
        var names = method.getParameters();
        var parameters = IntStream.range(0, names.size())
                .mapToObj(i -> type.getParameterTypes().get(i) + " " + names.get(i))
                .collect(joining(", "));
        var arguments = names.stream().map(Object::toString).collect(joining(", "));
        var generics = method.getTypeParameters().isEmpty()
                ? ""
                : "<" + method.getTypeParameters().get(0) + "> ";
        var template = template(interfaceName, name, type);
        var call = (template == UNDECLARED ? "delegate." : "target.") + name + "(" + arguments + ")";
        var guarded = TYPES.containsKey(simpleName(type.getReturnType())) ? "guard(" + call + ")" : call;
        var statement =
                look(name, names) + (type.getReturnType().getKind() == TypeKind.VOID ? "" : "return ") + guarded;
        return template.formatted(generics + type.getReturnType(), name, parameters, statement, look(name, names));
    }

    /** The owner reads the text first. */
    private static String look(String name, List<? extends VariableElement> parameters) {
        boolean takesSql = TAKES_SQL.matcher(name).matches()
                && !parameters.isEmpty()
                && parameters.get(0).asType().toString().equals("java.lang.String");
        return takesSql ? "        handle.owner().sees(" + parameters.get(0) + ");\n" : "";
    }

    private static String template(String interfaceName, String name, ExecutableType type) {
        if (name.equals("close") || name.equals("isClosed")) {
            return name.equals("close") ? CLOSE : IS_CLOSED;
        }
        if (type.getThrownTypes().isEmpty()) {
            return UNDECLARED;
        }
        if (interfaceName.equals("Connection") && !OF_STATEMENTS.matcher(name).matches()) {
            return BOUNDED;
        }
        return RUNS.matcher(name).matches() ? RUN : FORWARD;
    }

    private static final String FORWARD = """

                @Override
                public %s %s(%s) throws java.sql.SQLException {
                    D target = delegate();
            %5$s        try {
                        %s;
                    } catch (java.sql.SQLException e) {
                        throw failed(e);
                    }
                }
            """;

    private static final String BOUNDED = """

                @Override
                public %s %s(%s) throws java.sql.SQLException {
                    D target = delegate();
            %5$s        boolean imposed = handle.imposePatience(target);
                    try {
                        %s;
                    } catch (java.sql.SQLException e) {
                        throw failed(e);
                    } finally {
                        handle.liftPatience(target, imposed);
                    }
                }
            """;

    private static final String RUN = """

                @Override
                public %s %s(%s) throws java.sql.SQLException {
                    D target = delegate();
            %5$s        HandleOwner owner = enter();
                    try {
                        limit(owner);
                        %s;
                    } catch (java.sql.SQLException e) {
                        throw failed(owner, e);
                    } finally {
                        exit(owner);
                    }
                }
            """;

    /** Closing what is closed does nothing, also where it was closed with its connection. */
    private static final String CLOSE = """

                @Override
                public %s %s(%s) throws java.sql.SQLException {
                    if (isOpen()) {
                        D target = delegate;
                        try {
                            %s;
                        } catch (java.sql.SQLException e) {
                            throw failed(e);
                        } finally {
                            closed();
                        }
                    }
                }
            """;

    private static final String IS_CLOSED = """

                @Override
                public %s %s(%s) throws java.sql.SQLException {
                    if (!isOpen()) {
                        return true;
                    }
                    D target = delegate;
                    try {
                        %s;
                    } catch (java.sql.SQLException e) {
                        throw failed(e);
                    }
                }
            """;

    private static final String UNDECLARED = """

                @Override
                public %s %s(%s) {
                    %s;
                }
            """;

    private static String simpleName(TypeMirror type) {
        return type.toString().replace("java.sql.", "");
    }

    private TypeElement jdbc(String name) {
        return elements.getTypeElement("java.sql." + name);
    }
}
