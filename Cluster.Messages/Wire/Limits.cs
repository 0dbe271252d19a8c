namespace Cluster.Messages.Wire;

/// <summary>Every bound of the protocol, in one place. What exceeds one is refused by the writer and by the reader.</summary>
public static class Limits
{
    /// <summary>Bytes of one block of a data source.</summary>
    public const int SourceBlockBytes = 256 * 1024;

    /// <summary>Bytes of a model that one message reads out.</summary>
    public const int ModelBlockBytesMax = 32 * 1024;

    /// <summary>Bytes of one vector: a state, or a contribution.</summary>
    public const int VectorBytesMax = int.MaxValue - 127;

    /// <summary>Bytes of the sums of squares of one range.</summary>
    public const int SquaresBytesMax = 256 * 1024;

    /// <summary>UTF-8 bytes of a job file with its overrides.</summary>
    public const int JobTextBytesMax = 64 * 1024;

    /// <summary>UTF-8 bytes of a reason given to a person. A longer one is cut by the writer: a failure must get through.</summary>
    public const int ReasonBytesMax = 4 * 1024;

    /// <summary>UTF-8 bytes of a file or directory path.</summary>
    public const int PathBytesMax = 4 * 1024;

    /// <summary>UTF-8 bytes of an actor's serialised path.</summary>
    public const int ActorPathBytesMax = 1024;

    /// <summary>UTF-8 bytes of a job's name.</summary>
    public const int JobIdBytesMax = 100;

    /// <summary>UTF-8 bytes of a worker's name.</summary>
    public const int WorkerIdBytesMax = 200;

    /// <summary>UTF-8 bytes of the name of a figure.</summary>
    public const int FigureNameBytesMax = 200;

    /// <summary>UTF-8 bytes of a SHA-256 in hexadecimal.</summary>
    public const int HashBytesMax = 64;

    /// <summary>UTF-8 bytes of the name of a file of a data source.</summary>
    public const int SourceNameBytesMax = 255;

    /// <summary>Files of one data source: the batches of CIFAR-10 and the names of its classes are 7.</summary>
    public const int SourceFileCountMax = 16;

    /// <summary>Shards, micro-batches, folds or tasks of one job.</summary>
    public const int ShardCountMax = 4096;

    /// <summary>Servers that keep the parameters of one job.</summary>
    public const int RangeCountMax = 64;

    /// <summary>UTF-8 bytes of the name of a kind of task.</summary>
    public const int TaskKindBytesMax = 64;

    /// <summary>UTF-8 bytes of what says which task one is.</summary>
    public const int TaskSpecificationBytesMax = 64 * 1024;

    /// <summary>Bytes of a task's result.</summary>
    public const int TaskResultBytesMax = 256 * 1024;

    /// <summary>Figures of one list.</summary>
    public const int FigureCountMax = 1024;

    /// <summary>How far from 0 a job's priority may be.</summary>
    public const int PriorityMax = 100;

    /// <summary>Jobs of one list; the newest are kept.</summary>
    public const int JobCountMax = 4096;

    /// <summary>Characters of a message's manifest.</summary>
    public const int ManifestCharsMax = 16;

    /// <summary>Bytes of a message of a few names, numbers, one path and one reason.</summary>
    public const int SmallMessageBytesMax = 16 * 1024;

    /// <summary>Bytes of a message that carries a job file.</summary>
    public const int JobMessageBytesMax = JobTextBytesMax + SmallMessageBytesMax;

    /// <summary>Bytes of a message that carries the specification or the result of a task.</summary>
    public const int TaskMessageBytesMax = TaskResultBytesMax + SmallMessageBytesMax;

    /// <summary>Bytes of a message that carries a few numbers, or the handle of many.</summary>
    public const int VectorMessageBytesMax = DataPlane.VectorExchange.InlineBytesMax + SmallMessageBytesMax;

    /// <summary>Bytes of a message that carries lists; also of any message at all.</summary>
    public const int MessageBytesMax = 1024 * 1024;

    /// <summary>Pieces of work that wait in a node's compute pool.</summary>
    public const int ComputeQueueMax = 4096;

    /// <summary>Threads of a node's compute pool.</summary>
    public const int ComputeThreadsMax = 1024;
}
