"""Codes survive paper; names are printed or refused; a revoked certificate stays revoked."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_training import nomination, plan

from training.domain.certificate import (
    CODE_BYTES,
    Attested,
    Certificate,
    Validity,
    code_of,
    must_have_attended,
    printable_name,
    read_code,
    spaced,
)
from training.domain.errors_evidence import CertificateRevoked, NameNotPrintable, NotAttended
from training.domain.nomination import NominationStatus

NOW = datetime(2026, 5, 20, tzinfo=UTC)


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_code_when_copied_from_paper_then_is_the_same(random):
    code = code_of(random)
    assert len(code) == 16
    copied = spaced(code).lower().replace("0", "o").replace("1", "l")
    assert read_code(copied) == read_code(f" {spaced(code)} ") == code


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES), st.integers(0, CODE_BYTES * 8 - 1))
def test_code_when_one_bit_differs_then_is_another(random, bit):
    other = (int.from_bytes(random, "big") ^ 1 << bit).to_bytes(CODE_BYTES, "big")
    assert code_of(random) != code_of(other)


@pytest.mark.parametrize(
    "name",
    ["Świętosława Żółć-Gęślińska", "გიორგი ბერიძე", "Արմեն Հովհաննիսյան", "Олександра Їжакевич",
     "Ștefan Țurcanu", "Νίκος Παππάς", "O\u2019Brien, J.", "Зоя Ў"],
)  # fmt: skip
def test_name_when_in_letters_of_the_fonts_then_is_printed_as_it_is(name):
    assert printable_name(name) == name


@pytest.mark.parametrize(
    "name", ["محمد", "王", "Jan 7", "Jan\u202e", "<b>", "Jan\n", "😀", "\ue000"]
)
def test_name_when_in_other_letters_then_is_refused_and_not_repeated(name):
    with pytest.raises(NameNotPrintable) as refused:
        printable_name(name)
    assert name not in str(refused.value)


@pytest.mark.parametrize("status", sorted(set(NominationStatus) - {NominationStatus.ATTENDED}))
def test_certificate_when_not_attended_then_is_refused(status):
    with pytest.raises(NotAttended):
        must_have_attended(nomination(status))


def test_certificate_when_attended_then_may_be_issued():
    must_have_attended(nomination(NominationStatus.ATTENDED))


def test_certificate_when_revoked_then_stays_so():
    made = Certificate(
        id=uuid4(),
        version=1,
        audience=frozenset({"staff"}),
        nomination_id=uuid4(),
        event_id=uuid4(),
        organisation="MD-MIA",
        code=code_of(bytes(CODE_BYTES)),
        attested=Attested.of(plan(), "Programme", []),
        issued_at=NOW,
        revoked_at=None,
        reason=None,
        synthetic=False,
    )
    revoked = made.revoke("Issued by mistake", NOW)
    assert (made.validity, revoked.validity) == (Validity.VALID, Validity.REVOKED)
    with pytest.raises(CertificateRevoked):
        revoked.revoke("Again", NOW)
    with pytest.raises(CertificateRevoked):
        revoked.must_count()
