"""How can a phone on the same network trust this machine, and nothing else because of it?

A local authority signs one certificate. Its own certificate carries critical name constraints to
exactly this machine's names and addresses: whoever steals its key can pretend to be this machine,
but no bank and no mail server. Both live 397 days, and are made anew when fewer than 30 are left or
when the machine has a name or an address that the authority may not speak for; after that the
phones have to trust it again.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = dt.timedelta(days=397)
RENEW_BEFORE = dt.timedelta(days=30)

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM. `authority` is what a phone is asked to trust."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path, hosts: Iterable[str]) -> tuple[Certificates, bool]:
    """The certificates for `hosts` (names and addresses), and whether they had to be made."""
    files = Certificates(folder / "authority.crt", folder / "house.crt", folder / "house.key")
    names = [general_name(host) for host in dict.fromkeys(hosts)]
    if still_good(files, names):
        return files, False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make(files, folder / "authority.key", names)
    return files, True


def general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)


def still_good(files: Certificates, names: list[x509.GeneralName]) -> bool:
    try:
        house = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
        house.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False  # absent, half-written or from different days: all are made anew
    covered = house.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    left = house.not_valid_after_utc - dt.datetime.now(dt.UTC)
    return (
        set(names) <= set(covered)
        and left > RENEW_BEFORE
        and key.public_key() == house.public_key()
    )


def make(files: Certificates, authority_key: Path, names: list[x509.GeneralName]) -> None:
    signing, serving = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = authority_certificate(signing, names)
    house = house_certificate(serving, names, authority, signing)
    write(authority_key, private_pem(signing))
    write(files.key, private_pem(serving))
    write(files.authority, authority.public_bytes(serialization.Encoding.PEM))
    write(files.certificate, house.public_bytes(serialization.Encoding.PEM))


def builder(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    """What both have in common. An hour back: a phone's clock may be slow."""
    begins = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def authority_certificate(key: Key, names: list[x509.GeneralName]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Assist on {readable(names)}")])
    return (
        builder(subject, subject, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(
            x509.NameConstraints([constraint(name) for name in names], None), critical=True
        )
        .sign(key, hashes.SHA256())
    )


def house_certificate(
    key: Key, names: list[x509.GeneralName], authority: x509.Certificate, signing: Key
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Assist")])
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        builder(subject, authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(signing, hashes.SHA256())
    )


def constraint(name: x509.GeneralName) -> x509.GeneralName:
    """The same name, as a subtree that holds it alone; an address is a network of one."""
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(name.value))
    return name


def readable(names: list[x509.GeneralName]) -> str:
    """The name a person knows the machine by, for the phone's list of authorities."""
    known = [str(name.value) for name in names]
    others = [name for name in known if name not in ("localhost", "127.0.0.1", "::1")]
    return (others or known)[-1][:50]


def usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    more = ("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: given.get(name, False) for name in (*names, *more)})


def private_pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for its owner only from the first byte."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
