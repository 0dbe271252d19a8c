using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Onnx;

/// <summary>A learner whose model can be written as a graph of operators: what <see cref="Learning.Capability.Onnx"/> promises.</summary>
internal interface IOnnxSource
{
    /// <summary>Adds what the model says of a row.</summary>
    /// <param name="model">Inputs, and what becomes of outputs.</param>
    /// <param name="state">A trained state.</param>
    /// <exception cref="Data.BadInputException">A part of the model has no operator.</exception>
    void WriteOnnx(OnnxModel model, NumericBuffer state);
}
