using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>Where one range of a job's parameters is, as the parameter server knows it.</summary>
internal sealed class RangeAssignment(ParameterRange range)
{
    /// <summary>The range.</summary>
    public ParameterRange Range { get; } = range;

    /// <summary>How messages name it.</summary>
    public RangeId Id { get; } = new(range.Index, range.Count);

    /// <summary>The worker that is to keep it; null if none has been chosen.</summary>
    public HostingWorker? Worker { get; set; }

    /// <summary>Its server; null until that has answered.</summary>
    public IActorRef? Server { get; set; }

    /// <summary>What it is being filled with; null once it has that.</summary>
    public NumericBuffer? Filling { get; set; }

    /// <summary>Whether it has what it is to keep.</summary>
    public bool IsFilled { get; set; }

    /// <summary>What names the numbers of a collection that are on their way; null where none are.</summary>
    public VectorHandle? Coming { get; set; }

    /// <summary>Whether the collection has come.</summary>
    public bool IsCollected { get; set; }

    /// <summary>Bytes of states that the server has sent.</summary>
    public long BytesPublished { get; set; }

    /// <summary>Bytes of contributions that it has got.</summary>
    public long BytesGathered { get; set; }
}
