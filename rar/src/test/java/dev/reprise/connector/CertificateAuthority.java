// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Signs certificates of servers, in files that their owner alone can read. */
final class CertificateAuthority {

    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final X500Name name;
    private final KeyPair keys = keys();
    private final Path certificate;

    /** A certificate and its key. */
    record Signed(Path certificate, Path key) {}

    CertificateAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = new X500Name("CN=" + name);
        this.certificate = write(
                name + ".pem",
                "CERTIFICATE",
                sign(this.name, keys, Instant.now().plus(DAY), null));
    }

    Path certificate() {
        return certificate;
    }

    Signed sign(String host, Instant until) {
        KeyPair own = keys();
        int type = host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
        byte[] signed = sign(new X500Name("CN=" + host), own, until, new GeneralName(type, host));
        return new Signed(
                write(host + until.getEpochSecond() + ".pem", "CERTIFICATE", signed),
                write(
                        host + until.getEpochSecond() + ".key",
                        "PRIVATE KEY",
                        own.getPrivate().getEncoded()));
    }

    private byte[] sign(X500Name subject, KeyPair owner, Instant until, @Nullable GeneralName host) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(until.minus(DAY.multipliedBy(10))),
                    Date.from(until),
                    subject,
                    owner.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(host == null));
            if (host != null) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(host));
            }
            X509Certificate signed = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
            return signed.getEncoded();
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("No certificate for " + subject, e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String file, String kind, byte[] content) {
        String text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
        try {
            Path path = Files.writeString(folder.resolve(file), text);
            return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
