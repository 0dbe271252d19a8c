using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

// Training with the parameters on several servers: a step is decided here when all ranges are gathered, and taken by them.
internal sealed partial class ParameterServerState
{
    /// <summary>How far the servers of ranges are; null if the parameters are in one place.</summary>
    public RangeRounds? Ranges { get; } = servers > 1 ? new RangeRounds(servers) : null;

    /// <summary>Whether the store has the state of this step: always, but between two collections from the servers of ranges.</summary>
    public bool IsCurrent => Ranges is null || Ranges.CollectedStep == Step;

    /// <summary>Names a moment between rounds: a filling or a collection of ranges.</summary>
    public RoundId NextMoment() => new(incarnation, ++_ordinal, RoundPurpose.Train, Step, Epoch);

    /// <summary>The round that is being gathered, and what of it is missing; null if none is.</summary>
    public OpenRound? Gathering => RoundOpen ? new OpenRound(Round.Purpose, Tree, Ranges) : null;

    /// <summary>A range's server says how far it has gathered.</summary>
    public Decision OnRangeGathered(RangeGathered gathered)
    {
        if (!RoundOpen || gathered.Round != Round) return Decision.Waits;
        Ranges!.OnGathered(gathered);
        return TryComplete();
    }
}
