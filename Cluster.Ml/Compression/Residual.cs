using Cluster.Ml.Numerics;

namespace Cluster.Ml.Compression;

/// <summary>What one micro-batch left out of what it sent, and adds to what it sends in its next step.</summary>
/// <remarks>
/// Shapes    two vectors of single precision [length]: that of the last step and that of the next, so that a step can be computed again
/// Range     a pure function of (job, micro-batch, step); a worker that computed every step of the window has it
/// Cost      8 bytes a number; one owner at a time
/// </remarks>
// Open, so that a simulation can show that it notices a wrong one.
public class Residual
{
    private readonly NumericBuffer[] _vectors;
    private readonly long[] _steps = [-1, -1];     // the step that each vector is to be added in; −1 for none

    /// <param name="length">Numbers of what is left out.</param>
    public Residual(int length) => _vectors = [new NumericBuffer(NumberKind.Float32, length), new NumericBuffer(NumberKind.Float32, length)];

    /// <summary>Whether this residual is the one that the step adds.</summary>
    public virtual bool Has(long step) => Array.IndexOf(_steps, step) >= 0;

    /// <summary>What is to be added in this step.</summary>
    /// <exception cref="InvalidOperationException">It is not here.</exception>
    public virtual NumericBuffer Of(long step) => Has(step)
        ? _vectors[Array.IndexOf(_steps, step)]
        : throw new InvalidOperationException($"Residual: wanted that of step {step}, got those of steps {_steps[0]} and {_steps[1]}; ask Has first.");

    /// <summary>Where what this step leaves out is to be written. It counts when <see cref="End"/> says so.</summary>
    public virtual NumericBuffer Begin(long step)
    {
        int to = _steps[0] == step ? 1 : 0;
        _steps[to] = -1;
        if (_steps[1 - to] != step) _steps[1 - to] = -1;    // a window begins: what is here belongs to none
        return _vectors[to];
    }

    /// <summary>What this step leaves out is written: it is to be added in the next.</summary>
    public virtual void End(long step) => _steps[_steps[0] == step ? 1 : 0] = step + 1;
}
