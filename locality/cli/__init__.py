"""The `locality` command."""

import typer

from locality.cli import (
    cohort,
    copy,
    demo,
    directory,
    docs,
    find_people,
    intake,
    link,
    link_quality,
    link_table,
    local_model,
    measure,
    opt_outs,
    pack,
    picture,
    place,
    referrals,
    score_table,
    server,
    staff,
    watch,
)

app = typer.Typer(
    name="locality",
    help="Runs a place's joined-up health and care.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("migrate")(place.migrate)
app.command("load-pack")(place.load_pack)
app.command("directory-in")(directory.directory_in)
app.command("directory-out")(directory.directory_out)
app.command("add-practitioner")(place.add_practitioner)
app.command("load-practitioners")(staff.load_practitioners)
app.command("serve")(server.serve)
app.command("receive")(intake.receive)
app.command("retry")(intake.retry)
app.command("referral-in")(referrals.referral_in)
app.command("receive-objections")(opt_outs.receive_objections)
app.command("link")(link.link)
app.command("link-table")(link_table.link_table)
app.command("score-table")(score_table.score_table)
app.command("link-quality")(link_quality.link_quality)
app.command("refresh")(copy.refresh)
app.command("train-model")(local_model.train_model)
app.command("score-people")(local_model.score_people)
app.command("measure")(measure.measure)
app.command("picture")(picture.picture)
app.command("cohort")(cohort.cohort)
app.command("segments")(cohort.segments)
app.command("find-people")(find_people.find_people)
app.command("watch")(watch.watch)
app.command("verify-audit")(watch.verify_audit)
app.command("verify-pack")(pack.verify_pack)
app.command("archive-audit")(watch.archive_audit)
app.command("print-docs")(docs.print_docs)
