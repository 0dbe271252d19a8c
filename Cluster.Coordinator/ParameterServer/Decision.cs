namespace Cluster.Coordinator.ParameterServer;

/// <summary>What the parameter server has to do next.</summary>
internal enum Decision
{
    /// <summary>Nothing: an answer is awaited, or what came was old.</summary>
    Wait,

    /// <summary>A round was opened: publish the state.</summary>
    Publish,

    /// <summary>What workers carried is lost: training goes on from the beginning of the window, whose round was opened.</summary>
    PublishAgain,

    /// <summary>Micro-batches step at a pace of their own: give work to the workers that are free.</summary>
    Dispatch,

    /// <summary>The noise of the next steps must be accounted for before it is used.</summary>
    Reserve,

    /// <summary>The next step would spend more than the privacy budget.</summary>
    Exhausted,

    /// <summary>Answer that the epoch before the current one is trained.</summary>
    EpochDone,

    /// <summary>Answer with the evaluation sums.</summary>
    SplitMeasured,

    /// <summary>Answer that the state is kept as the best.</summary>
    BestKept,

    /// <summary>Answer that the best state is shown again.</summary>
    BestRestored,

    /// <summary>The command is about a later epoch: say where we stand.</summary>
    Behind,

    /// <summary>The command is about an earlier epoch: go back to <see cref="ParameterServerState.RewindStep"/>.</summary>
    Rewind,
}
