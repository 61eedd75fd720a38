"""Tables of who a person is: every personal value is ciphertext under that person's own key."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Named,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint

from participants.storage.tables import metadata

_DAYS: Final = "daterange(valid_from, valid_to, '[)')"
_NUMBER: Final = "int4range(person_number, person_number, '[]')"


class PersonKeyColumns(TypedColumns):
    """A person's data key, wrapped by the key-encryption key of a version. Erasure deletes it.

    `index_version` is that of the key by which the person's blind indexes were last made.
    """

    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"), primary_key=True)
    version: Named[str] = Column(Text)
    wrapped: Named[bytes] = Column(LargeBinary)
    index_version: Named[str] = Column(Text, server_default=text("'1'"))


class PersonStandingColumns(TypedColumns):
    """What decided about the record itself: held, erased, or merged into another one."""

    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"), primary_key=True)
    hold: Named[str | None] = Column(Text)
    held_at: Named[datetime | None] = Column(DateTime(timezone=True))
    erased_at: Named[datetime | None] = Column(DateTime(timezone=True))
    merged_into: Named[UUID | None] = Column(Uuid, ForeignKey("person.id"))


class IdentityColumns(TypedColumns):
    """Names, contacts, nationality and birth date, each sealed; `*_index` are blind indexes."""

    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"), primary_key=True)
    family_name: Named[bytes] = Column(LargeBinary)
    given_names: Named[bytes] = Column(LargeBinary)
    birth_date: Named[bytes | None] = Column(LargeBinary)
    nationality: Named[bytes | None] = Column(LargeBinary)
    email: Named[bytes | None] = Column(LargeBinary)
    phone: Named[bytes | None] = Column(LargeBinary)
    name_index: Named[bytes] = Column(LargeBinary)
    email_index: Named[bytes | None] = Column(LargeBinary)
    recorded_on: Named[date]


class IdentityDocumentColumns(TypedColumns):
    """One document of a kind per person."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    kind: Named[str] = Column(Text)
    number: Named[bytes] = Column(LargeBinary)
    issuer: Named[bytes] = Column(LargeBinary)
    expires_on: Named[bytes | None] = Column(LargeBinary)
    number_index: Named[bytes] = Column(LargeBinary)


class BankAccountColumns(TypedColumns):
    """Where a person is paid. `hint` is the sealed end of the IBAN, so that masks need no IBAN."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    holder: Named[bytes] = Column(LargeBinary)
    iban: Named[bytes] = Column(LargeBinary)
    bic: Named[bytes | None] = Column(LargeBinary)
    hint: Named[bytes] = Column(LargeBinary)
    iban_index: Named[bytes] = Column(LargeBinary)


class AffiliationColumns(TypedColumns):
    """Where a person serves, from a day on, until before another."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    person_number: Named[int]
    organisation: Named[str] = Column(Text)
    unit_code: Named[str | None] = Column(Text)
    rank: Named[bytes | None] = Column(LargeBinary)
    function: Named[bytes | None] = Column(LargeBinary)
    valid_from: Named[date]
    valid_to: Named[date | None]


class AccessLogColumns(TypedColumns):
    """One look at one person: who, when, why, and which class of fields. Never changed."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    at: Named[datetime] = Column(DateTime(timezone=True))
    person_id: Named[UUID] = Column(Uuid)
    client: Named[str] = Column(Text)
    subject: Named[str] = Column(Text)
    organisation: Named[str] = Column(Text)
    operation: Named[str] = Column(Text)
    fields: Named[str] = Column(Text)
    purpose: Named[str] = Column(Text)
    case_ref: Named[str | None] = Column(Text)


class AccessLinkColumns(TypedColumns):
    """The place of a look in the chain: `hash` is over `former` and the look. Never changed."""

    place: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    look_id: Named[int] = Column(BigInteger)
    former: Named[bytes] = Column(LargeBinary)
    hash: Named[bytes] = Column(LargeBinary)


class AccessWaitingColumns(TypedColumns):
    """A look without a place yet; written with the look, gone when it is linked."""

    look_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)


class AccessAnchorColumns(TypedColumns):
    """Where the chain ended once, signed; `statement` says so itself. Never changed."""

    number: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    place: Named[int] = Column(BigInteger)
    statement: Named[str] = Column(Text)


class DedupeKeyColumns(TypedColumns):
    """Keyed hashes of how a name is spelled and sounds, made when it is written."""

    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    kind: Named[str] = Column(Text)
    key: Named[bytes] = Column(LargeBinary)
    version: Named[str] = Column(Text, server_default=text("'1'"))


class DuplicateProposalColumns(TypedColumns):
    """Two records that may be one person; somebody decides, nothing merges by itself."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    one: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    other: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    grounds: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    decided_by: Named[str | None] = Column(Text)


class PersonMergeColumns(TypedColumns):
    """That two records became one: which stayed, which went, and what moved."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    survivor: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    merged: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    trips: Named[list[UUID]] = Column(ARRAY(Uuid))
    by: Named[str] = Column(Text)
    at: Named[datetime] = Column(DateTime(timezone=True))


class ErasureCertificateColumns(TypedColumns):
    """What an erasure did in each store; `stores` is canonical JSON, `digest` its SHA-256."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    public_ref: Named[str] = Column(Text)
    ground: Named[str] = Column(Text)
    by: Named[str] = Column(Text)
    at: Named[datetime] = Column(DateTime(timezone=True))
    stores: Named[str] = Column(Text)
    digest: Named[str] = Column(Text)


person_key = Table("person_key", metadata, PersonKeyColumns)
person_standing = Table("person_standing", metadata, PersonStandingColumns)
identity = Table(
    "identity",
    metadata,
    IdentityColumns,
    Index("identity_by_name", "name_index"),
    Index("identity_by_email", "email_index"),
)
identity_document = Table(
    "identity_document",
    metadata,
    IdentityDocumentColumns,
    UniqueConstraint("person_id", "kind", name="identity_document_of_kind"),
    CheckConstraint(
        "kind IN ('passport', 'identity_card', 'service_passport')", name="identity_document_kind"
    ),
    Index("identity_document_by_number", "number_index"),
)
bank_account = Table(
    "bank_account",
    metadata,
    BankAccountColumns,
    UniqueConstraint("person_id", name="bank_account_of_person"),
    Index("bank_account_by_iban", "iban_index"),
)
affiliation = Table(
    "affiliation",
    metadata,
    AffiliationColumns,
    CheckConstraint("valid_to > valid_from", name="affiliation_takes_time"),
    ExcludeConstraint(
        (literal_column(_NUMBER), "&&"),
        (literal_column(_DAYS), "&&"),
        using="gist",
        name="affiliation_overlaps",
    ),
    Index("affiliation_by_person", "person_id", "valid_from"),
)
access_log = Table(
    "access_log",
    metadata,
    AccessLogColumns,
    Index("access_log_by_person", "person_id", "id"),
)
access_link = Table(
    "access_link",
    metadata,
    AccessLinkColumns,
    UniqueConstraint("look_id", name="access_link_of_look"),
    CheckConstraint("place > 0", name="access_link_has_place"),
)
access_anchor = Table("access_anchor", metadata, AccessAnchorColumns)
access_waiting = Table("access_waiting", metadata, AccessWaitingColumns)
dedupe_key = Table(
    "dedupe_key",
    metadata,
    DedupeKeyColumns,
    PrimaryKeyConstraint("person_id", "kind", "key"),
    Index("dedupe_key_by_key", "kind", "key"),
)
duplicate_proposal = Table(
    "duplicate_proposal",
    metadata,
    DuplicateProposalColumns,
    UniqueConstraint("one", "other", name="duplicate_proposal_of_pair"),
    CheckConstraint("one < other", name="duplicate_proposal_in_order"),
    Index("duplicate_proposal_open", "id", postgresql_where=text("state = 'proposed'")),
)
person_merge = Table(
    "person_merge",
    metadata,
    PersonMergeColumns,
    Index("person_merge_by_merged", "merged"),
)
erasure_certificate = Table(
    "erasure_certificate",
    metadata,
    ErasureCertificateColumns,
    UniqueConstraint("person_id", name="person_erased_once"),
    CheckConstraint("stores IS JSON ARRAY", name="erasure_stores_are_json"),
)
