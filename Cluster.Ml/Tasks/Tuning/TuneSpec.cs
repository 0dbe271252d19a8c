using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tasks.Tuning;

/// <summary>A search for the best values of some keys of a job: its section tune.</summary>
public sealed record TuneSpec
{
    /// <summary>The ways to search.</summary>
    public const string Grid = "grid", Random = "random", Halving = "halving";

    /// <summary>The most trials of a search.</summary>
    public const int TrialsMax = 1000;

    /// <summary>How the values are chosen: every combination, drawn at random, or drawn at random and halved.</summary>
    public string Search { get; init; } = Random;

    /// <summary>The figure that trials are compared by; null for the first of the model's kind that has a direction.</summary>
    public string? By { get; init; }

    /// <summary>How many trials are drawn; a grid has as many as there are combinations.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>With halving, of so many trials one goes on to so many times the epochs.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>Whether a model is trained with the best values in the end.</summary>
    public bool Refit { get; init; } = true;

    /// <summary>The keys whose values are searched, in the order written.</summary>
    public ValueList<TuneKey> Keys { get; init; } = new([]);
}

/// <summary>A key and the values that it may have.</summary>
/// <param name="Path">Such as training.optimizer.adam.rate.</param>
/// <param name="Values">What is tried.</param>
public sealed record TuneKey(string Path, TuneValues Values);

/// <summary>The values that a key may have.</summary>
public abstract record TuneValues
{
    private TuneValues()
    {
    }

    /// <summary>Some values, as they are written in a job file.</summary>
    /// <param name="Texts">In the order written.</param>
    public sealed record Choices(ValueList<string> Texts) : TuneValues;

    /// <summary>The numbers between two bounds, both included.</summary>
    /// <param name="Low">The least.</param>
    /// <param name="High">The most.</param>
    /// <param name="Logarithmic">Whether equal ratios, not equal differences, are equally likely.</param>
    /// <param name="Whole">Whether only whole numbers are meant.</param>
    /// <param name="Points">How many of them a grid has, bounds included.</param>
    public sealed record Range(double Low, double High, bool Logarithmic, bool Whole, int Points) : TuneValues;
}
