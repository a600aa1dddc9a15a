"""Can the certificate that a phone trusts speak for this machine, and for nothing else?"""

from __future__ import annotations

import datetime as dt
import ipaddress
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from assist.management import certificates as made
from assist.management.certificates import Certificates, certificates

HOSTS = ["localhost", "127.0.0.1", "[::1]", "192.168.1.5", "laptop.local"]


@pytest.fixture
def files(tmp_path: Path) -> Certificates:
    return certificates(tmp_path / "tls", HOSTS)[0]


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def openssl_verifies(authority: Path, certificate: Path, *more: str) -> bool:
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", *more]
    done = subprocess.run(
        [*command, "-CAfile", str(authority), str(certificate)], capture_output=True, timeout=10
    )
    return done.returncode == 0


def test_openssl_believes_it_for_each_name_and_address(files: Certificates) -> None:
    for host in ("localhost", "laptop.local"):
        assert openssl_verifies(files.authority, files.certificate, "-verify_hostname", host)
    for address in ("127.0.0.1", "::1", "192.168.1.5"):
        assert openssl_verifies(files.authority, files.certificate, "-verify_ip", address)
    assert not openssl_verifies(
        files.authority, files.certificate, "-verify_hostname", "bank.example"
    )


def signed_for(folder: Path, name: x509.GeneralName) -> Path:
    """What somebody who stole the authority's key would make."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = serialization.load_pem_private_key((folder / "authority.key").read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    authority = load(folder / "authority.crt")
    forged = (
        made.builder(x509.Name([]), authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
        .sign(signing, hashes.SHA256())
    )
    path = folder / "forged.crt"
    path.write_bytes(forged.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_stolen_authority_cannot_speak_for_others(files: Certificates) -> None:
    folder = files.authority.parent
    ours = signed_for(folder, x509.DNSName("laptop.local"))
    assert openssl_verifies(files.authority, ours)
    for name in (
        x509.DNSName("bank.example"),
        x509.IPAddress(ipaddress.ip_address("192.168.1.6")),
        x509.IPAddress(ipaddress.ip_address("::2")),
    ):
        assert not openssl_verifies(files.authority, signed_for(folder, name)), name


def test_the_constraints_are_critical_and_name_exactly_this_machine(files: Certificates) -> None:
    found = load(files.authority).extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    assert found.value.permitted_subtrees is not None
    assert {str(name.value) for name in found.value.permitted_subtrees} == {
        *("localhost", "127.0.0.1/32", "::1/128", "192.168.1.5/32", "laptop.local")
    }


def test_neither_lives_longer_than_397_days(files: Certificates) -> None:
    for path in (files.authority, files.certificate):
        one = load(path)
        assert one.not_valid_after_utc - one.not_valid_before_utc <= dt.timedelta(days=397)


def test_only_their_owner_may_read_the_keys(files: Certificates) -> None:
    for path in (files.key, files.authority.with_name("authority.key")):
        assert path.stat().st_mode & 0o777 == 0o600
    assert files.key.parent.stat().st_mode & 0o777 == 0o700


def test_they_are_kept_while_they_are_good(tmp_path: Path) -> None:
    first = certificates(tmp_path, HOSTS)[0].certificate.read_bytes()
    again, fresh = certificates(tmp_path, HOSTS[:-1])
    assert not fresh
    assert again.certificate.read_bytes() == first


def test_a_new_address_means_new_ones(tmp_path: Path) -> None:
    certificates(tmp_path, HOSTS)
    files, fresh = certificates(tmp_path, [*HOSTS, "10.0.0.7"])
    assert fresh
    assert openssl_verifies(files.authority, files.certificate, "-verify_ip", "10.0.0.7")


def test_they_are_renewed_a_month_before_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "LIFETIME", dt.timedelta(days=29))
    certificates(tmp_path, HOSTS)
    monkeypatch.undo()
    assert certificates(tmp_path, HOSTS)[1]


@pytest.mark.parametrize("name", ["authority.crt", "house.crt", "house.key"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, name: str) -> None:
    certificates(tmp_path, HOSTS)
    (tmp_path / name).write_text("nonsense")
    files, fresh = certificates(tmp_path, HOSTS)
    assert fresh
    assert openssl_verifies(files.authority, files.certificate)


def test_a_phone_shows_the_machines_name_in_its_list(files: Certificates) -> None:
    subject = load(files.authority).subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Assist on laptop.local"
