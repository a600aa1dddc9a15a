"""What did whoever runs this house decide, and is it a sensible answer?

Every variable that Assist reads stands in KNOWN with its default and its meaning; a test compares
docs/settings.md with it. A name that starts with ASSIST_ and is not known is refused, because a
misspelt setting that is silently ignored is worse than a house that does not start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assist.lib.mail import BadMail, MailServer, is_address
from assist.lib.mail import parse as parse_mail
from assist.lib.opening import BadOpening, Opening, parse

ROOT = Path(__file__).resolve().parents[2]
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
REDIS_SCHEMES = ("redis", "rediss", "unix")


class EnvError(Exception):
    """A setting that cannot be used; its text is one sentence for whoever set it."""


@dataclass(frozen=True, slots=True)
class Setting:
    default: str
    meaning: str


KNOWN: Mapping[str, Setting] = {
    "ASSIST_STATE": Setting("var", "The folder that holds everything the house keeps."),
    "ASSIST_SECRET_KEY": Setting(
        "", "Signs sessions and receipts. Without it, one is made in the state folder."
    ),
    "ASSIST_HOST": Setting("", "The public name under which people reach this house."),
    "ASSIST_TLS_CERT": Setting("", "The deployment's own certificate chain (PEM file)."),
    "ASSIST_TLS_KEY": Setting("", "The private key of ASSIST_TLS_CERT (PEM file)."),
    "ASSIST_PORT": Setting(
        "8000", "TCP port of plain HTTP: the app for this machine alone, to others how to trust it."
    ),
    "ASSIST_HTTPS_PORT": Setting("8443", "TCP port of HTTPS, for phones."),
    "ASSIST_RELAY_PORT": Setting("8444", "The relay's one UDP port."),
    "ASSIST_RELAY_ADDRESS": Setting(
        "", "Addresses that the relay announces, with commas; else this machine's own."
    ),
    "ASSIST_TURN_URL": Setting(
        "",
        "TURN servers for networks that block UDP, with commas, as in"
        " `turns:turn.example.org:443?transport=tcp`.",
    ),
    "ASSIST_TURN_SECRET": Setting(
        "", "What those servers share with this house (coturn's `static-auth-secret`)."
    ),
    "ASSIST_RELAY_MAX_LOAD": Setting(
        "85", "Percent of one core from which on a relay takes no further calls."
    ),
    "ASSIST_RELAY_MAX_DELAY_MS": Setting(
        "5", "Milliseconds that its packets may wait in a relay before it takes no further calls."
    ),
    "ASSIST_ASK": Setting("open", "Who may ask for help: `open` (everybody) or `code`."),
    "ASSIST_ASK_CODE": Setting("", "The words that open a house whose ASSIST_ASK is `code`."),
    "ASSIST_JOIN": Setting(
        "invite",
        "Who may volunteer: `invite` (whoever was invited), `approval` (whoever a coordinator lets"
        " in, too) or `open` (everybody). The last two need ASSIST_EMAIL_URL.",
    ),
    "ASSIST_HOURS": Setting(
        "", "When help is there, as in `Mo-Fr 08:00-20:00, Sa 10:00-14:00; Europe/Copenhagen`."
    ),
    "ASSIST_OPERATOR": Setting("", "Who runs this house; shown on every page."),
    "ASSIST_CONTACT": Setting("", "How to reach them: an e-mail address, a phone number, a page."),
    "ASSIST_PUSH_KEY": Setting(
        "",
        "Signs pushes (VAPID, 32 bytes in base64url). Without it, one is made in the state folder.",
    ),
    "ASSIST_PUSH_CONTACT": Setting(
        "", "An e-mail address for push services; else ASSIST_CONTACT, if it is one."
    ),
    "ASSIST_EMAIL_URL": Setting(
        "",
        "The mail server, as in `smtps://user:password@mail.example.org?from=help@example.org`."
        " Without it there are no codes by e-mail.",
    ),
    "ASSIST_DRAIN_SECONDS": Setting(
        "600", "How long SIGTERM waits for calls to end by themselves, in seconds."
    ),
    "ASSIST_DEBUG": Setting("0", "1 shows tracebacks to people. Never where others can reach it."),
    "ASSIST_REDIS_BIN": Setting("", "A Redis-compatible server program to start instead of ours."),
    "ASSIST_METRICS_TOKEN": Setting(
        "", "The bearer token that opens /metrics to others than this machine."
    ),
    "ASSIST_PARENT_PIPE": Setting(
        "", "Set by `up` for its children where the kernel cannot end orphans: a descriptor."
    ),
    "ASSIST_TEST_DATABASE_URL": Setting(
        "", "The PostgreSQL that the tests may fill and empty; else they start their own."
    ),
    "DATABASE_URL": Setting("", "postgresql://... or sqlite:///FILE; else SQLite in the state."),
    "REDIS_URL": Setting("", "redis://..., rediss://... or unix:///SOCKET; else `up` starts one."),
}
SECRETS = (
    "ASSIST_SECRET_KEY",
    "ASSIST_TURN_SECRET",
    "ASSIST_ASK_CODE",
    "ASSIST_METRICS_TOKEN",
    "ASSIST_PUSH_KEY",
    "ASSIST_EMAIL_URL",
    "DATABASE_URL",
    "REDIS_URL",
)
TURN_ADDRESS = re.compile(
    r"turns?:([a-zA-Z0-9]([a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]{2,45}\])"
    r"(:(?P<port>[0-9]{1,5}))?(\?transport=(udp|tcp))?"
)
# Kubernetes gives every pod such names for each service of the namespace, also for one that is
# called "assist" or "assist-relay": they are nobody's mistake, and its values are no ports.
KUBERNETES = re.compile(r"^ASSIST_(\w+_)?(SERVICE_|PORT)")
KUBERNETES_VALUE = re.compile(r"^(tcp|udp|sctp)://")


class Env:
    """The environment, read with types. Every method raises EnvError with one sentence."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._refuse_unknown()

    def _refuse_unknown(self) -> None:
        allowed = set(KNOWN) | {f"{name}_FILE" for name in SECRETS}
        for name in sorted(self._environ):
            if name.startswith("ASSIST_") and name not in allowed and not KUBERNETES.match(name):
                raise EnvError(f"{name} is not a setting of Assist; see docs/settings.md.")

    def text(self, name: str) -> str:
        """The words of a setting, without the blanks around them; its default if unset or empty."""
        value = self._environ.get(name, "").strip()
        if name in SECRETS and not value:
            value = self._from_file(name)
        if KUBERNETES.match(name) and KUBERNETES_VALUE.match(value):
            value = ""
        return value or KNOWN[name].default

    def _from_file(self, name: str) -> str:
        path = self._environ.get(f"{name}_FILE", "").strip()
        if not path:
            return ""
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise EnvError(f"{name}_FILE names a file that cannot be read: {path}.") from error

    def flag(self, name: str) -> bool:
        value = self.text(name)
        if value not in ("0", "1"):
            raise EnvError(f"{name} must be 0 or 1, not {value!r}.")
        return value == "1"

    def whole(self, name: str, *, least: int, most: int) -> int:
        value = self.text(name)
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise EnvError(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
        return int(value)

    def choice(self, name: str, *choices: str) -> str:
        value = self.text(name)
        if value not in choices:
            raise EnvError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def host(self, name: str) -> str:
        """A host name in lower case, or nothing."""
        value = self.text(name).lower()
        if value and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
            raise EnvError(f"{name} must be a host name like help.example.org, not {value!r}.")
        return value

    def turn(self, name: str) -> list[str]:
        """Addresses of TURN servers (RFC 7065), or none. One that is wrong would end every call:
        a browser refuses the whole connection."""
        for value in self.words(name):
            found = TURN_ADDRESS.fullmatch(value)
            if found is None or not 0 < int(found["port"] or 3478) < 65_536:
                form = "turn:turn.example.org:3478?transport=udp"
                raise EnvError(f"{name} must hold addresses like {form}, not {value!r}.")
        return self.words(name)

    def mail(self, name: str) -> str:
        """An e-mail address, or nothing."""
        value = self.text(name)
        if value and not is_address(value):
            raise EnvError(f"{name} must be an e-mail address, not {value!r}.")
        return value

    def mail_server(self, name: str) -> MailServer | None:
        """Where letters are handed in, or nothing. Its password never appears in an error."""
        try:
            return parse_mail(self.text(name))
        except BadMail as bad:
            raise EnvError(f"{name} {bad}.") from bad

    def opening(self, name: str) -> Opening | None:
        """Opening hours; nothing for a house that never closes."""
        try:
            return parse(self.text(name))
        except BadOpening as bad:
            raise EnvError(f"{name} {bad}.") from bad

    def key(self, name: str) -> str:
        """32 bytes in base64url, or nothing. Its text never appears in an error."""
        value = self.text(name).rstrip("=")
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{43}", value):
            raise EnvError(f"{name} must be 32 bytes in base64url.")
        return value

    def folder(self, name: str) -> Path:
        """An absolute path; a relative one starts at the checkout. Nothing is made here."""
        path = (ROOT / Path(self.text(name)).expanduser()).resolve()
        if path.exists() and not path.is_dir():
            raise EnvError(f"{name} must be a folder, and {path} is not one.")
        return path

    def file(self, name: str) -> Path | None:
        value = self.text(name)
        if not value:
            return None
        path = Path(value).expanduser().resolve()
        if not path.is_file():
            raise EnvError(f"{name} names a file that does not exist: {path}.")
        return path

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        """An address, or nothing. Its text never appears in an error: it may carry a password."""
        value = self.text(name)
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and bool(parts.netloc or parts.path.strip("/"))
            usable = usable and parts.port != 0  # reading .port also checks that it is a number
        except ValueError:
            usable = False
        if not usable:
            raise EnvError(f"{name} must be an address that starts with {begins(schemes)}.")
        return value


def begins(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)
