using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Recurrent;

namespace Cluster.Ml.Text.LanguageModel;

/// <summary>What a job says about a recurrent language model: embedding, recurrent layers, and a softmax over the vocabulary.</summary>
public sealed record LanguageOptions : ModelOptions
{
    internal static readonly KeySet<LanguageOptions> Declared = new KeySet<LanguageOptions>(new())
        .Word("cell", "What a recurrent layer is made of.", o => o.Cell, (o, value) => o with { Cell = value }, CellRegistry.Names, source: "Hochreiter and Schmidhuber, 1997")
        .Whole("embedding", "Numbers that stand for a token.", o => o.Embedding, (o, value) => o with { Embedding = value }, 1, JobDefaults.UnitsMax)
        .Whole("units", "Units of each recurrent layer.", o => o.Units, (o, value) => o with { Units = value }, 1, JobDefaults.RecurrentUnitsMax)
        .Whole("depth", "Recurrent layers, one above the other.", o => o.Depth, (o, value) => o with { Depth = value }, 1, JobDefaults.LayersMax)
        .Whole(
            "window", "Where back-propagation through time is cut off.", o => o.Window, (o, value) => o with { Window = value }, 1,
            JobDefaults.WindowMax, unit: "tokens")
        .Word(
            "initializer", "How recurrent weights begin.", o => o.Initializer, (o, value) => o with { Initializer = value }, ["uniform", Orthogonal]);

    private const string Orthogonal = "orthogonal";

    /// <summary>lstm or rnn.</summary>
    public string Cell { get; init; } = LstmCell.CellName;

    /// <summary>Numbers that stand for a token.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>Units of each recurrent layer.</summary>
    public int Units { get; init; } = 128;

    /// <summary>Recurrent layers.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Tokens after which back-propagation through time is cut off.</summary>
    public int Window { get; init; } = 64;

    /// <summary>How recurrent weights begin: uniform or orthogonal.</summary>
    public string Initializer { get; init; } = "uniform";

    /// <summary>Whether recurrent weights begin orthogonal.</summary>
    public bool BeginsOrthogonal => Initializer == Orthogonal;
}
