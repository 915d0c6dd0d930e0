// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

/** Classes that cannot be what an administrator takes them for. */
final class BadDrivers {

    private BadDrivers() {}

    /** Cannot be made. */
    public abstract static class Abstract {}

    public static final class WithParameter {
        public WithParameter(String url) {
            assert !url.isEmpty();
        }
    }

    public static final class Failing {
        public Failing() {
            throw new IllegalStateException("no licence");
        }
    }

    public static final class FailingToLoad {
        static final int LICENCE = Integer.parseInt("none");
    }
}
