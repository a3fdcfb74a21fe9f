"""Pages of signing in and out, invitations, passwords and one's own profile."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required, logout_user

from asdg_portal.accounts import queries, services, sessions
from asdg_portal.accounts.forms import (
    ForgottenForm,
    InvitationForm,
    NewPasswordForm,
    PasswordForm,
    ProfileForm,
    SignInForm,
)
from asdg_portal.accounts.links import find_link, use_link
from asdg_portal.accounts.models import Purpose, User
from asdg_portal.accounts.policies import is_representative
from asdg_portal.accounts.rescue import fill_in, let_go, newest_rescue
from asdg_portal.core.addresses import inside
from asdg_portal.core.errors import PortalError, TooMany

bp = Blueprint("accounts", __name__)
bp.before_app_request(fill_in)
bp.after_app_request(let_go)


def _address() -> str:
    return request.remote_addr or ""


def _welcome(user: User) -> ResponseReturnValue:
    """Sign in and go on where one was, with what had been typed there."""
    wanted = inside(request.args.get("next"))
    sessions.start(user)
    rescue = newest_rescue(user)
    if rescue and (wanted is None or urlsplit(wanted).path == rescue.path):
        return redirect(f"{rescue.path}?restore={rescue.id}", code=303)
    return redirect(wanted or url_for("moderation.my"), code=303)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in with address and password."""
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = services.authenticate(
                form.email.data, form.password.data, address=request.remote_addr or ""
            )
            return _welcome(user)
        except TooMany:
            raise
        except PortalError as error:
            flash(str(error), "error")
            status = error.status
    return render_template("accounts/sign_in.html", form=form), status


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in, so that no copy of its cookie works."""
    sessions.end(str(session.get("_user_id", "")))
    logout_user()
    session.clear()
    return redirect(url_for("home.index"), code=303)


@bp.get("/sign-in/link/<token>")
def sign_in_by_link(token: str) -> ResponseReturnValue:
    """Sign in with a link that an operator made on the server; it works once.

    The one GET that changes something: these links are never sent by mail, where scanners open
    every address, and scripts follow them as they are.
    """
    return _welcome(use_link(find_link(token, Purpose.SIGN_IN)))


@bp.route("/invitation/<token>", methods=["GET", "POST"])
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose a name and a password, and begin."""
    user = find_link(token, Purpose.INVITATION).user
    form = InvitationForm(name=user.name)
    status = 200
    if form.validate_on_submit():
        try:
            return _welcome(
                services.accept_invitation(
                    token,
                    name=form.name.data,
                    password=form.password.data,
                    consent=form.consent.data,
                )
            )
        except PortalError as error:
            flash(str(error), "error")
            status = error.status
    return _invitation_page(user, form), status


def _invitation_page(user: User, form: InvitationForm) -> str:
    speaks_for = user.city if is_representative(user) else None
    return render_template("accounts/invitation.html", form=form, user=user, speaks_for=speaks_for)


@bp.route("/password/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether or not there is such an account."""
    form = ForgottenForm()
    if form.validate_on_submit():
        services.ask_for_new_password(form.email.data)
        flash(_("If there is an account with this address, a letter is on its way to it."), "info")
        return redirect(url_for(".sign_in"), code=303)
    return render_template("accounts/forgotten.html", form=form)


@bp.route("/password/<token>", methods=["GET", "POST"])
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password with the link from the letter."""
    find_link(token, Purpose.PASSWORD_RESET)
    form = NewPasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = services.set_new_password(token, form.password.data)
            flash(
                _("The new password is set; everybody with the old one is signed out."), "success"
            )
            return _welcome(user)
        except PortalError as error:
            flash(str(error), "error")
            status = error.status
    return render_template("accounts/new_password.html", form=form), status


@bp.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    """Keep one's own name, post and telephone."""
    form = ProfileForm(obj=current_user)
    if form.validate_on_submit():
        services.change_profile(current_user, form.data)
        flash(_("Saved."), "success")
        return redirect(url_for(".profile"), code=303)
    page = render_template(
        "accounts/profile.html", form=form, sign_ins=queries.sign_ins(current_user)
    )
    return page, 400 if form.errors else 200


@bp.route("/profile/password", methods=["GET", "POST"])
@login_required
def change_password() -> ResponseReturnValue:
    """Choose another password; this browser stays signed in, every other one is signed out."""
    form, user, status = PasswordForm(), current_user._get_current_object(), 200
    if form.validate_on_submit():
        try:
            services.change_password(
                user, form.old_password.data, form.new_password.data, address=_address()
            )
            sessions.start(user)
            flash(_("The new password is set; other devices are signed out."), "success")
            return redirect(url_for(".profile"), code=303)
        except TooMany:
            raise
        except PortalError as error:
            flash(str(error), "error")
            status = error.status
    return render_template("accounts/change_password.html", form=form), status


@bp.post("/profile/sign-out-everywhere")
@login_required
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in of this person, this one too."""
    sessions.end_all(current_user)
    logout_user()
    session.clear()
    return redirect(url_for(".sign_in"), code=303)
