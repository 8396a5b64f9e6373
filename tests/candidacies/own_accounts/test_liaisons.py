"""Accounts of liaisons from a pasted table: each wrong row is said, and nothing is made by half."""

import pytest

from cms.accounts import activation
from cms.accounts.models import Role, User
from cms.candidacies.own_accounts import liaisons, selectors
from cms.candidacies.own_accounts.selectors import AccountState
from cms.candidacies.own_accounts.words import whom_of

pytestmark = pytest.mark.django_db


def test_each_row_is_a_person_with_an_account(process, giver, actor, other_actor):
    table = (
        "PD;Ana Ñuñez  Árbol;ana@pd.example\n"
        "\n"
        "partido de la sierra\tBeto O'Neil\tbeto@ps.example\n"
        "pd;Otra Persona;otra@pd.example;\n"
    )
    made = liaisons.make_liaisons(process=process, table=table, by=giver)
    assert [user.first_name for user in made] == ["Ana Ñuñez Árbol", "Beto O'Neil", "Otra Persona"]
    assert {user.role for user in made} == {Role.LIAISON}
    assert [user.scopes.get().actor for user in made] == [actor, other_actor, actor]
    assert not any(user.has_usable_password() for user in made)
    assert not any({"ana", "nunez", "beto"} & set(user.username.split("-")) for user in made)
    assert whom_of(made[0]).facts == ("Enlace de Partido del Desierto",)
    counts = selectors.counted(selectors.liaisons_of(process))
    assert counts == {AccountState.NOT_SENT: 3}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("XX;Ana;ana@pd.example", "«XX»"),
        ("PD;Ana", "2 columnas"),
        ("PD;Ana;b;c;d", "5 columnas"),
        ("PD;;ana@pd.example", "falta el nombre"),
        ("PD;Ana;no es correo", "no es un correo"),
        ("PD;" + "a" * 151 + ";ana@pd.example", "150"),
        ("PD;Ana;ANA@pd.example\nPD;Otra;ana@PD.example", "renglón 1"),
        (";Ana;ana@pd.example", "«»"),
        ("<script>;Ana;ana@pd.example", "<script>"),
    ],
)
def test_a_wrong_row_is_said_and_nobody_gets_an_account(process, giver, actor, row, said):
    with pytest.raises(liaisons.LiaisonsRefused) as refused:
        liaisons.make_liaisons(process=process, table=f"PD;Bien;bien@pd.example\n{row}", by=giver)
    problems = [f"renglón {one.row}: {one.problem}" for one in refused.value.problems]
    assert any(said.replace("renglón 1", "renglón 2") in one for one in problems), problems
    assert not User.objects.filter(role=Role.LIAISON).exists()


def test_the_same_table_again_makes_nobody_twice(process, giver, actor):
    table = "PD;Ana;ana@pd.example"
    liaisons.make_liaisons(process=process, table=table, by=giver)
    with pytest.raises(liaisons.LiaisonsRefused) as refused:
        liaisons.make_liaisons(process=process, table=table, by=giver)
    assert "ya hay un enlace" in refused.value.problems[0].problem


def test_a_table_that_is_too_long_is_refused_at_once(process, giver, actor):
    table = "\n".join(f"PD;Persona {n};p{n}@pd.example" for n in range(501))
    with pytest.raises(liaisons.LiaisonsRefused) as refused:
        liaisons.make_liaisons(process=process, table=table, by=giver)
    assert "501" in refused.value.problems[0].problem


def test_who_does_not_hand_out_accounts_makes_none(process, actor, validator):
    with pytest.raises(activation.NotYourAccounts):
        liaisons.make_liaisons(process=process, table="PD;Ana;ana@pd.example", by=validator)
