"""Refusals about jobs."""

from kit.errors import DomainError, Kind


class NoSuchJob(DomainError):
    """No job has this id, or it belongs to somebody else."""

    kind = Kind.NOT_FOUND
    code = "training.no_such_job"
    title = "There is no such job"
    advice = "Check the id; list your own jobs at /api/v1/jobs."


class JobUnfinished(DomainError):
    """The report of a job is complete only when the job is."""

    kind = Kind.CONFLICT
    code = "training.job_unfinished"
    title = "The job is not finished"
    advice = "Follow it at /api/v1/jobs/{id}/events, and read the report when it has ended."


class JobInterrupted(DomainError):
    """A job was taken up several times, and each time the worker stopped in the middle."""

    kind = Kind.UNAVAILABLE
    code = "training.job_interrupted"
    title = "The job was interrupted too often"
    advice = "Send the request again: items that were stored are found unchanged."
