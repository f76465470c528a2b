"""`openoutcry admin withdraw-commitment`."""

import typer

from openoutcry.cli.admin.options import HERE, By, KeyFile, Reason, Url


def withdraw_commitment(url: Url = HERE, key_file: KeyFile = None, by: By = None, reason: Reason = None) -> None:
    """Give up the seed of the next session, because its file is lost or anybody can find it. Everybody is told how
    often that was done.
    """
    from openoutcry.cli.admin.asking import asking

    with asking(url, key_file, by) as organiser:
        fairness = organiser.post("/admin/fairness/withdraw", reason)
    typer.echo(f"withdrawn; the next session is committed to by {fairness['next_commitment']}")
