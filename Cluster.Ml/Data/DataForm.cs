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
}
