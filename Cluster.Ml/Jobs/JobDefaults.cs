namespace Cluster.Ml.Jobs;

/// <summary>The value of every key that a job file leaves out, and the limits of those that it writes.</summary>
public static class JobDefaults
{
    /// <summary>The largest job file: 64 KiB.</summary>
    public const int TextBytesMax = 64 * 1024;

    /// <summary>Seed where none is written.</summary>
    public const ulong Seed = 42;

    /// <summary>Leaves of the summation tree, and data shards.</summary>
    public const int MicroBatches = 8;

    /// <summary>The most micro-batches: 1024.</summary>
    public const int MicroBatchesMax = 1024;

    /// <summary>Examples a step; raised to the micro-batches where those are more.</summary>
    public const int Batch = 64;

    /// <summary>The most examples a step.</summary>
    public const int BatchMax = 1 << 20;

    /// <summary>Epochs of learners that see one batch a step.</summary>
    public const int Epochs = 20;

    /// <summary>Epochs, that is steps, of learners that see all rows in each.</summary>
    public const int FullBatchEpochs = 300;

    /// <summary>The most epochs.</summary>
    public const int EpochsMax = 1_000_000;

    /// <summary>Relative gain below which a full-batch learner has converged.</summary>
    public const double Tolerance = 1e-8;

    /// <summary>Clipping norm of private training.</summary>
    public const double Clip = 1.0;

    /// <summary>δ of private training.</summary>
    public const double Delta = 1e-5;

    /// <summary>Epochs without improvement before training stops early.</summary>
    public const int Patience = 5;

    /// <summary>How many steps a micro-batch may be ahead of the slowest, in the mode stale.</summary>
    public const int StalenessBound = 4;

    /// <summary>The largest such bound.</summary>
    public const int StalenessBoundMax = 1000;

    /// <summary>Local steps between two averages, in the mode local-sgd.</summary>
    public const int LocalSteps = 8;

    /// <summary>The most local steps between two averages.</summary>
    public const int LocalStepsMax = 10_000;

    /// <summary>Median answers after which a worker is late, where speculation is asked for.</summary>
    public const double SpeculationAfter = 3;

    /// <summary>Share of its numbers that a micro-batch sends, where they are compressed by top-k.</summary>
    public const double TopKShare = 0.01;

    /// <summary>Steps after which nothing of what compression left out is carried on.</summary>
    public const int FeedbackWindow = 32;

    /// <summary>The most such steps.</summary>
    public const int FeedbackWindowMax = 10_000;

    /// <summary>The most servers that keep a job's parameters.</summary>
    public const int ServersMax = 64;

    /// <summary>Complete checkpoints kept.</summary>
    public const int CheckpointsKept = 2;

    /// <summary>Tokens of a text that are told apart, the unknown one among them.</summary>
    public const int Vocabulary = 65_536;

    /// <summary>The most such tokens.</summary>
    public const int VocabularyMax = 1 << 20;

    /// <summary>Numbers that stand for a token of a language model.</summary>
    public const int Embedding = 64;

    /// <summary>Units of a recurrent layer.</summary>
    public const int RecurrentUnits = 128;

    /// <summary>The most units of a recurrent layer.</summary>
    public const int RecurrentUnitsMax = 8192;

    /// <summary>The most such tokens.</summary>
    public const int WindowMax = 4096;

    /// <summary>The most hidden layers.</summary>
    public const int LayersMax = 64;

    /// <summary>The most characters of a path.</summary>
    public const int PathMax = 4096;

    /// <summary>The most characters of a layer's name.</summary>
    public const int LayerNameMax = 100;

    /// <summary>The most rows or columns of a filter or a pooling window, and the largest stride.</summary>
    public const int FilterMax = 256;

    /// <summary>The most units of a layer, or clusters.</summary>
    public const int UnitsMax = 65_536;
}
