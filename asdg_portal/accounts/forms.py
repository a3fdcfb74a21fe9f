"""Forms of signing in and of keeping people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import DataRequired, Length, Optional

from asdg_portal.accounts.models import Role
from asdg_portal.core.i18n import LANGUAGES
from asdg_portal.core.pages import PortalForm

ROLE_NAMES = {
    Role.REPRESENTATIVE: _l("Representative of a city"),
    Role.SPECIALIST: _l("Specialist"),
    Role.MODERATOR: _l("Moderator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}
ADDRESS = {"autocomplete": "username", "inputmode": "email"}


def _required() -> DataRequired:
    return DataRequired(_l("Please fill this in."))


class SignInForm(PortalForm):
    """Who is it, and the proof."""

    email = EmailField(_l("E-mail"), [_required(), Length(max=320)], render_kw=ADDRESS)
    password = PasswordField(
        _l("Password"), [_required()], render_kw={"autocomplete": "current-password"}
    )


class ForgottenForm(PortalForm):
    """Where to send a link for a new password."""

    email = EmailField(_l("E-mail"), [_required(), Length(max=320)], render_kw=ADDRESS)


class NewPasswordForm(PortalForm):
    """A new password in the place of a forgotten one."""

    password = PasswordField(
        _l("New password"),
        [_required()],
        description=_l("From 8 to 128 characters, in any alphabet; a phrase is best."),
        render_kw={"autocomplete": "new-password"},
    )


class InvitationForm(NewPasswordForm):
    """How an invited person begins."""

    name = StringField(
        _l("Your name"),
        [_required(), Length(max=200)],
        description=_l("As colleagues should read it: surname, name, patronymic."),
        render_kw={"autocomplete": "name"},
    )
    consent = BooleanField(
        _l("I agree to the processing of my personal data for the work of the portal.")
    )


class ProfileForm(PortalForm):
    """What a person says of oneself."""

    name = StringField(_l("Name"), [_required(), Length(max=200)])
    post = StringField(_l("Post"), [Length(max=200)])
    phone = TelField(_l("Telephone"), [Length(max=60)])
    language = SelectField(
        _l("Language of letters and pages"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )


class PasswordForm(PortalForm):
    """Another password, chosen by somebody who knows the present one."""

    old_password = PasswordField(
        _l("Present password"), [_required()], render_kw={"autocomplete": "current-password"}
    )
    new_password = PasswordField(
        _l("New password"),
        [_required()],
        description=_l("From 8 to 128 characters, in any alphabet; a phrase is best."),
        render_kw={"autocomplete": "new-password"},
    )


class InviteForm(PortalForm):
    """Whom to invite, and as what."""

    email = EmailField(_l("E-mail"), [_required(), Length(max=254)])
    name = StringField(_l("Name"), [Length(max=200)])
    post = StringField(_l("Post"), [Length(max=200)])
    role = SelectField(
        _l("Role"), choices=[SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    city = SelectField(_l("City"), coerce=int, choices=[SelectChoice(0, "—")])


class PartForm(PortalForm):
    """What a person is here to do, and for which city."""

    role = SelectField(
        _l("Role"), choices=[SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    city = SelectField(_l("City"), coerce=int, choices=[SelectChoice(0, "—")])
    is_head = BooleanField(_l("Head: approves what colleagues of the city have written"))


class ReplaceForm(PortalForm):
    """Who comes in the place of somebody who leaves."""

    email = EmailField(_l("E-mail of the new person"), [_required(), Length(max=254)])
    name = StringField(_l("Name of the new person"), [Optional(), Length(max=200)])
