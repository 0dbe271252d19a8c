using System.Security.Cryptography;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>What training gave.</summary>
/// <param name="State">The learner's state, [StateLength].</param>
/// <param name="Status">How training ended.</param>
/// <param name="Steps">Training steps done.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Training">Figures on the training rows.</param>
/// <param name="Validation">Figures on the validation rows, or none.</param>
/// <param name="Test">Figures on the test rows, or none.</param>
/// <param name="Epsilon">Privacy spent, or null if training was not private.</param>
/// <param name="Delta">δ of that, or null.</param>
public sealed record TrainedModel(
    NumericBuffer State, CourseStatus Status, long Steps, int Epochs, Metrics Training, Metrics Validation, Metrics Test,
    double? Epsilon, double? Delta)
{
    /// <summary>The model's identity: SHA-256 of the state's bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; } = HashOf(State.Bytes);

    /// <summary>The identity of a state.</summary>
    public static string HashOf(ReadOnlySpan<byte> state) => Convert.ToHexStringLower(SHA256.HashData(state));

    /// <summary>The figures of one split.</summary>
    public Metrics this[SplitKind split] => split switch
    {
        SplitKind.Training => Training,
        SplitKind.Validation => Validation,
        _ => Test,
    };
}
