"""Addresses in the network: which ones are asked, and where they may lead."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..errors import DownloadError


def require_address(url: str, *, plain_http: bool = True) -> None:
    """Refuse what is no address of the web, or is not encrypted where it has to be.

    Args:
        url: The address.
        plain_http: Whether http will do on other machines than this one.

    Raises:
        DownloadError: It is refused.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(''), None
    if parts.scheme not in ('http', 'https') or not host:
        raise DownloadError(f'{url} is no address of the web (http:// or https://)')
    if parts.scheme == 'http' and not plain_http and not _is_this_machine(host):
        raise DownloadError(
            f'{url} is not encrypted (http), and another file could be put in its place on the '
            'way: take https, or give the whole SHA-256 of the file'
        )


def open_address(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    plain_http: bool = True,
    silence: float = 30.0,
) -> HTTPResponse:
    """Ask a server for a file.

    Args:
        url: Its address, http or https. A redirection leads to other such addresses only, and
            never from https to http.
        headers: Further headers of the request.
        plain_http: As for :func:`require_address`; also where a redirection leads.
        silence: Seconds to wait for the server, and between two of its packets.

    Raises:
        DownloadError: An address is refused.
        OSError: The server does not answer, or with an error (`urllib.error.HTTPError`).
    """
    require_address(url, plain_http=plain_http)
    # Compressed on the way, the file would have another length than it has.
    own = {'User-Agent': 'vsd-mot', 'Accept-Encoding': 'identity'}
    request = Request(url, headers={**own, **(headers or {})})
    return build_opener(_CheckedRedirections(plain_http=plain_http)).open(request, timeout=silence)


class _CheckedRedirections(HTTPRedirectHandler):
    """Follows a redirection to an address that would have been asked in the first place."""

    def __init__(self, *, plain_http: bool) -> None:
        self.plain_http = plain_http

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        encrypted = req.full_url.lower().startswith('https:')
        require_address(newurl, plain_http=self.plain_http and not encrypted)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_this_machine(host: str) -> bool:
    try:
        return host == 'localhost' or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
