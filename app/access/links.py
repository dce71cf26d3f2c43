"""Mailed links that work once. The database keeps their hash, so that it opens no account by itself."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from app.access.models import AccessToken, TokenPurpose, User
from app.access.sessions import token_hash
from app.extensions import db

LIFETIME: Final = {TokenPurpose.INVITATION: timedelta(days=7), TokenPurpose.RESET: timedelta(minutes=30)}
PATTERN: Final = "[A-Za-z0-9_-]{43}"
_BYTES: Final = 32


def issue(user: User, purpose: TokenPurpose, *, at: datetime) -> tuple[AccessToken, str]:
    """Make a new link for the user; those made before are dead. Returns its row and its token."""
    kill(user.id, at=at)
    token = secrets.token_urlsafe(_BYTES)
    row = AccessToken(
        token_hash=token_hash(token),
        user_id=user.id,
        purpose=purpose,
        created_at=at,
        expires_at=at + LIFETIME[purpose],
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def owner(token: str, *, at: datetime) -> User | None:
    """Whose living link this is."""
    return db.session.scalar(
        select(User)
        .join(AccessToken, AccessToken.user_id == User.id)
        .where(
            AccessToken.token_hash == token_hash(token),
            AccessToken.used_at.is_(None),
            AccessToken.expires_at > at,
            User.active,
        )
    )


def spend(token: str, *, at: datetime) -> TokenPurpose | None:
    """Use the link up. Of several who try at once, one gets its purpose and the others None."""
    return db.session.scalar(
        update(AccessToken)
        .where(AccessToken.token_hash == token_hash(token), AccessToken.used_at.is_(None), AccessToken.expires_at > at)
        .values(used_at=at)
        .returning(AccessToken.purpose)
    )


def kill(user_id: int, *, at: datetime) -> None:
    """Make all the user's unused links dead."""
    db.session.execute(
        update(AccessToken).where(AccessToken.user_id == user_id, AccessToken.used_at.is_(None)).values(used_at=at)
    )
