// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
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
     * @throws IllegalArgumentException saying which class or property is wrong, and what is allowed
     */
    static XADataSource create(String className, Map<String, String> properties) {
        XADataSource dataSource = instance(className);
        properties.forEach((name, value) -> set(dataSource, name, value));
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
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalArgumentException(
                    "xaDataSourceClass: " + className + " cannot be loaded by the adapter (" + e
                            + "); the driver must be inside the .rar or a module that it depends on",
                    e);
        }
    }

    private static void set(XADataSource dataSource, String name, String value) {
        Method setter = setter(dataSource, name)
                .orElseThrow(() -> new IllegalArgumentException("driverProperties: "
                        + dataSource.getClass().getName() + " has no property " + name + "; allowed are "
                        + Arrays.stream(dataSource.getClass().getMethods())
                                .filter(DriverDataSource::isSetter)
                                .map(method -> decapitalized(method.getName().substring(3)))
                                .collect(Collectors.toCollection(TreeSet::new))));
        try {
            Class<?> type = setter.getParameterTypes()[0];
            if (type == boolean.class && !value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(
                        "driverProperties: " + name + "=" + value + " is neither true nor false");
            }
            setter.invoke(dataSource, converted(type, value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("driverProperties: " + name + "=" + value + " is not a number", e);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("driverProperties: " + name + " cannot be set", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(name + ": refused by the driver: " + e.getCause(), e);
        }
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
