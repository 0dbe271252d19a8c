using Cluster.Ml.Data;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.Environments;

/// <summary>An environment: a Markov decision process of which an episode is played, action by action.</summary>
/// <remarks>
/// Shapes       a state is [StateNames] doubles, and the whole of it is observed; an action is a number from 0
/// Range        an episode ends where a transition says so, or is cut off after <see cref="StepsMax"/> actions
/// Determinism  a pure function of state, action and the random stream that is handed in; no function of the platform's C library
/// Source       Sutton and Barto, Reinforcement Learning: An Introduction, 2nd edition (2018), chapter 3
/// </remarks>
public abstract class DecisionProcess : IEpisodeStarts
{
    /// <summary>As the key model.environment names it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is: one line.</summary>
    public abstract string Meaning { get; }

    /// <summary>What each number of a state is called.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>What each action is called.</summary>
    public abstract IReadOnlyList<string> ActionNames { get; }

    /// <summary>After how many actions an episode is cut off.</summary>
    public abstract int StepsMax { get; }

    /// <summary>How many cells a table of its states has; 0 if it cannot be tabulated.</summary>
    public virtual int Cells => 0;

    /// <summary>The cell of a state, from 0.</summary>
    /// <param name="state">One that <see cref="WhyNotState"/> has nothing against.</param>
    /// <exception cref="NotSupportedException">It has no cells.</exception>
    public virtual int CellOf(ReadOnlySpan<double> state) => throw new NotSupportedException($"{Name}: wanted an environment with cells, got none.");

    /// <summary>What a state must be and this is not: "a row from 0 to 3"; null if it is one.</summary>
    public virtual string? WhyNotState(ReadOnlySpan<double> state) => null;

    /// <summary>Begins an episode.</summary>
    /// <param name="chance">The episode's random numbers.</param>
    /// <param name="state">[StateNames], overwritten by numbers of single precision, so that rows of either precision hold the same.</param>
    public abstract void Start(ref RandomStream chance, Span<double> state);

    /// <summary>Takes an action.</summary>
    /// <param name="state">[StateNames], changed.</param>
    /// <param name="action">From 0.</param>
    /// <param name="chance">The episode's random numbers.</param>
    public abstract Transition Step(Span<double> state, int action, ref RandomStream chance);

    IReadOnlyList<string> IEpisodeStarts.Columns => StateNames;

    void IEpisodeStarts.Fill(ulong seed, int row, Span<double> start)
    {
        RandomStream chance = RandomStream.At(seed, RandomPurpose.EpisodeStart, 0, row);
        Start(ref chance, start);
    }

    /// <summary>A uniform number between two, of single precision.</summary>
    private protected static double Between(double low, double high, ref RandomStream chance) => (float)(low + ((high - low) * chance.NextDouble()));
}

/// <summary>What an action led to, beside the next state.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Ends">Whether the episode is over, and nothing can be gained any more.</param>
public readonly record struct Transition(double Reward, bool Ends);
