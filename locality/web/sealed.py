"""What is kept sealed under the place's key: drafts, secrets of apps that show codes, links. A purpose, a key."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from locality.base import NotFound


def seal(purpose: str, content: bytes) -> bytes:
    """Sealed for one purpose, which names whose it is: nobody opens it for another."""
    return _keys(purpose).encrypt(content)


def unseal(purpose: str, sealed: bytes) -> bytes:
    """What was sealed for this purpose; raises NotFound where the key has gone or the purpose is another."""
    try:
        return _keys(purpose).decrypt(sealed)
    except InvalidToken as closed:
        raise NotFound("This cannot be opened any more: the place's key has changed.") from closed


def seal_words(purpose: str, words: str) -> str:
    """The same for words, as words: what a session holds lies in the database too."""
    return seal(purpose, words.encode()).decode("ascii")


def unseal_words(purpose: str, sealed: str) -> str:
    """The words that were sealed for this purpose; raises NotFound as `unseal` does."""
    return unseal(purpose, sealed.encode()).decode()


def _keys(purpose: str) -> MultiFernet:
    return MultiFernet([_key(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"locality {purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))
