using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>A learner of classes whose scores have a gradient by the row that is asked about: what white-box attacks follow.</summary>
public interface IInputGradients
{
    /// <summary>The layer that passes no gradient down to the input; null if all do.</summary>
    string? WithoutInputGradient { get; }

    /// <summary>A workspace for one thread.</summary>
    /// <param name="state">The trained state, read only.</param>
    IInputGradient CreateInputGradient(NumericBuffer state);
}

/// <summary>Logits of rows, and how a function of the logits changes with the rows; on one thread.</summary>
/// <remarks>
/// Equation  ∂L/∂x = (∂z/∂x)ᵀ·∂L/∂z,  z the logits: the numbers whose softmax is the class probabilities; of a learner with one output z, (0, z)
/// Shapes    rows [n, features] after scaling; logits and their gradients [n, classes]
/// Range     a row's numbers do not depend on the rows beside it
/// </remarks>
public interface IInputGradient
{
    /// <summary>The most rows at a time.</summary>
    int RowsMax { get; }

    /// <summary>Runs rows forward.</summary>
    /// <param name="rows">[n × features], after scaling.</param>
    /// <param name="count">n, at most <see cref="RowsMax"/>.</param>
    /// <param name="logits">[n × classes], overwritten.</param>
    void Forward(ReadOnlySpan<float> rows, int count, Span<float> logits);

    /// <summary>From the gradients by the logits of the last rows to those by the rows. Once for each <see cref="Forward"/>.</summary>
    /// <param name="logitGradients">[n × classes].</param>
    /// <param name="rowGradients">[n × features], overwritten.</param>
    void Backward(ReadOnlySpan<float> logitGradients, Span<float> rowGradients);
}
