namespace Cluster.Coordinator.Cli;

/// <summary>What the process ends with. Numbers are never reused.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The command line was wrong: an unknown verb or flag, a missing or unreadable value.</summary>
    public const int Usage = 2;

    /// <summary>The job file, the data, the model file or the run directory is wrong; the message names the place.</summary>
    public const int BadInput = 3;

    /// <summary>The cluster could not be reached, or a node refused.</summary>
    public const int Unreachable = 4;

    /// <summary>Training failed: it diverged (step, layer, worker), or its storage stays broken; or, of any verb, the program itself failed (--verbose shows where).</summary>
    public const int TrainingFailed = 5;

    /// <summary>Interrupted; a checkpoint was written and the message says how to go on.</summary>
    public const int Interrupted = 130;

    /// <summary>The code that a failure of this kind ends with.</summary>
    public static int Of(Messages.FailureKind kind) => kind switch
    {
        Messages.FailureKind.BadInput => BadInput,
        Messages.FailureKind.Busy => Unreachable,
        _ => TrainingFailed,
    };
}
