using Cluster.Ml.Data;

namespace Cluster.Ml.Jobs;

/// <summary>Gathers every error of a job, so that they are told together.</summary>
internal sealed class JobErrors
{
    private const int Most = 50;
    private readonly List<BadInputException> _errors = [];

    public void Add(JobPlace place, string wanted, string got, string advice)
    {
        if (_errors.Count < Most)
            _errors.Add(new BadInputException(place.File, place.Line, place.Column, wanted, got, advice));
    }

    public void ThrowIfAny()
    {
        if (_errors.Count == 0) return;
        throw BadInputException.Of([.. _errors.OrderBy(error => error.Line ?? int.MaxValue).ThenBy(error => error.Column ?? 0)]);
    }
}
