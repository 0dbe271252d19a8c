using Cluster.Ml.Data;

namespace Cluster.Ml.Jobs;

/// <summary>Gathers every fault of a job, so that they are told together.</summary>
internal sealed class JobFaults
{
    private const int Most = 50;
    private readonly List<BadInputException> _faults = [];

    public void Add(JobPlace place, string wanted, string got, string advice)
    {
        if (_faults.Count < Most)
            _faults.Add(new BadInputException(place.File, place.Line, place.Column, wanted, got, advice));
    }

    public void ThrowIfAny()
    {
        if (_faults.Count == 0) return;
        throw BadInputException.Of([.. _faults.OrderBy(fault => fault.Line ?? int.MaxValue).ThenBy(fault => fault.Column ?? 0)]);
    }
}
