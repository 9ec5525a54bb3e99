"""A board's colour and logo, and whether its markers are shown to anybody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

EMPTY = sa.text("''")


def upgrade() -> None:
    for column in (
        sa.Column("accent", sa.String(length=7), nullable=False, server_default=EMPTY),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(length=20), nullable=False, server_default=EMPTY),
        sa.Column("logo_sha256", sa.String(length=64), nullable=False, server_default=EMPTY),
        sa.Column("shows_markers", sa.Boolean(), nullable=False, server_default=sa.true()),
    ):
        # Not in a batch: that would make the table anew, and dropping the old one takes along what refers to it.
        op.add_column("board", column)
