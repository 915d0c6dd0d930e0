// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.XADataSource;

/** Makes a driver's {@link XADataSource} and sets its properties by their setters. */
final class DriverDataSource {

    private DriverDataSource() {}

    /**
     * The driver is loaded by the adapter's own loader: the thread's loader is the application's, the pool's or the
     * transaction manager's, whoever happened to ask for the connection.
     *
     * @throws IllegalArgumentException saying which class or properties are wrong, and what is allowed
     */
    static XADataSource create(String className, Map<String, String> properties) {
        XADataSource dataSource = instance(className);
        var problems = new ArrayList<String>();
        properties.forEach((name, value) -> {
            String problem = set(dataSource, name, value);
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return dataSource;
    }

    private static XADataSource instance(String className) {
        try {
            Object made = Class.forName(className, true, DriverDataSource.class.getClassLoader())
                    .getConstructor()
                    .newInstance();
            if (made instanceof XADataSource dataSource) {
                return dataSource;
            }
            throw new IllegalArgumentException(
                    "xaDataSourceClass: " + className + " is no javax.sql.XADataSource; allowed are classes that are");
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "xaDataSourceClass: " + className + " cannot be made: its constructor fails with " + e.getCause(),
                    e);
        } catch (InstantiationException | NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "xaDataSourceClass: " + className + " cannot be made; allowed are public classes that are not"
                            + " abstract, with a public constructor without parameters",
                    e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "xaDataSourceClass: " + className + " cannot be loaded by the adapter (" + e
                            + "); the driver must be inside the .rar or a module that it depends on",
                    e);
        }
    }

    /** Says what is wrong, and not the value if the driver refuses it: that may be a secret. */
    private static String set(XADataSource dataSource, String name, String value) {
        Optional<Method> setter = setter(dataSource, name);
        if (setter.isEmpty()) {
            return unknown(dataSource, name);
        }
        Class<?> type = setter.get().getParameterTypes()[0];
        if (type == boolean.class && !value.equals("true") && !value.equals("false")) {
            return "driverProperties: " + name + "=" + value + " is neither true nor false";
        }
        try {
            setter.get().invoke(dataSource, converted(type, value));
            return "";
        } catch (NumberFormatException e) {
            return "driverProperties: " + name + "=" + value + " is not a number";
        } catch (IllegalAccessException e) {
            return "driverProperties: " + name + " cannot be set";
        } catch (InvocationTargetException e) {
            Throwable refusal = e.getTargetException();
            String reason = String.valueOf(refusal.getMessage());
            return name + ": refused by the driver: " + refusal.getClass().getName() + ": "
                    + (value.isEmpty() ? reason : reason.replace(value, "..."));
        }
    }

    private static String unknown(XADataSource dataSource, String name) {
        var known = Arrays.stream(dataSource.getClass().getMethods())
                .filter(DriverDataSource::isSetter)
                .map(method -> decapitalized(method.getName().substring(3)))
                .collect(Collectors.toCollection(TreeSet::new));
        return "driverProperties: " + dataSource.getClass().getName() + " has no property " + name
                + NearestName.question(name, known) + "; allowed are " + known;
    }

    private static Optional<Method> setter(XADataSource dataSource, String name) {
        return Arrays.stream(dataSource.getClass().getMethods())
                .filter(method ->
                        isSetter(method) && method.getName().substring(3).equalsIgnoreCase(name))
                .findFirst();
    }

    private static boolean isSetter(Method method) {
        return method.getName().startsWith("set")
                && method.getParameterCount() == 1
                && (method.getParameterTypes()[0] == String.class || method.getParameterTypes()[0].isPrimitive());
    }

    private static Object converted(Class<?> type, String value) {
        if (type == String.class) {
            return value;
        }
        if (type == boolean.class) {
            return Boolean.valueOf(value);
        }
        return type == long.class ? Long.valueOf(value) : (Object) Integer.valueOf(value);
    }

    private static String decapitalized(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
