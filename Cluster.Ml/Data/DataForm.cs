namespace Cluster.Ml.Data;

/// <summary>What a learner is given as a row.</summary>
public abstract record DataForm
{
    private DataForm()
    {
    }

    /// <summary>A row of a table, or an image.</summary>
    public sealed record Table : DataForm
    {
        /// <summary>The one value.</summary>
        public static readonly Table Instance = new();
    }

    /// <summary>A window of one of several streams that a text is cut into; step t of an epoch takes window t of each.</summary>
    /// <param name="Length">Tokens to be predicted.</param>
    public sealed record Windows(int Length) : DataForm;

    /// <summary>A passage of a text, with the words about it.</summary>
    /// <param name="Window">The most words to either side.</param>
    public sealed record Passages(int Window) : DataForm;

    /// <summary>An episode of an environment, by the state that it begins in: no file is read.</summary>
    /// <param name="Starts">Where episodes begin that a model is measured by; those that it learns from begin anew in each step.</param>
    /// <param name="Validation">Episodes of the validation split.</param>
    /// <param name="Test">Episodes of the test split.</param>
    /// <param name="StepsPerEpoch">Steps of an epoch, each of which takes all training rows: training.batch of them.</param>
    public sealed record Episodes(IEpisodeStarts Starts, int Validation, int Test, int StepsPerEpoch) : DataForm;
}

/// <summary>The states that episodes begin in.</summary>
public interface IEpisodeStarts
{
    /// <summary>What each number of a state is called.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Writes the state that a row's episode begins in: a pure function of seed and row.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="row">Which row.</param>
    /// <param name="start">[Columns], overwritten.</param>
    void Fill(ulong seed, int row, Span<double> start);
}
