// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/** A class of ours where a driver can see it: in the package and the class loader of the driver, under the same simple name. */
final class CopiedClass {

    private static final int UTF8 = 1;

    private CopiedClass() {}

    /**
     * Once for each loader; those who come later, also from another adapter, get the same.
     *
     * @param original refers to nothing but the JDK and itself
     */
    static synchronized Class<?> of(Class<?> original, Class<?> neighbour)
            throws IllegalAccessException, ClassNotFoundException, IOException {
        String name = neighbour.getPackageName() + "." + original.getSimpleName();
        try {
            return Class.forName(name, true, neighbour.getClassLoader());
        } catch (ClassNotFoundException e) {
            return define(original, neighbour, name);
        }
    }

    private static Class<?> define(Class<?> original, Class<?> neighbour, String name)
            throws IllegalAccessException, ClassNotFoundException, IOException {
        byte[] bytes;
        try (InputStream in = original.getResourceAsStream(original.getSimpleName() + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(original.getName());
            }
            bytes = renamed(in, original.getName().replace('.', '/'), name.replace('.', '/'));
        }
        try {
            return MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
                    .defineClass(bytes);
        } catch (LinkageError e) {
            return Class.forName(name, true, neighbour.getClassLoader()); // another adapter was quicker
        }
    }

    /** Writes its name anew in the constants of a class file (Java Virtual Machine Specification, 4.4); the rest stays. */
    private static byte[] renamed(InputStream from, String before, String after) throws IOException {
        var in = new DataInputStream(from);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeLong(in.readLong()); // magic number and version
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case UTF8 -> out.writeUTF(in.readUTF().replace(before, after));
                case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
                case 15 -> out.write(in.readNBytes(3));
                case 3, 4, 9, 10, 11, 12, 17, 18 -> out.write(in.readNBytes(4));
                case 5, 6 -> {
                    out.write(in.readNBytes(8));
                    i++; // takes two places
                }
                default -> throw new IOException("Constant " + tag + " is not known");
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }
}
