using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.SupportVectors;

/// <summary>What a job says about a support vector machine.</summary>
public sealed record SupportVectorOptions : ModelOptions
{
    internal const string Linear = "linear", Rbf = "rbf", Polynomial = "polynomial", Sigmoid = "sigmoid", Hinge = "hinge", SquaredHinge = "squared-hinge", Scale = "scale";

    /// <summary>The most rows that a step solves for: their kernel matrix takes 32 MiB.</summary>
    internal const int WorkingSetMax = 2048;

    internal static readonly KeySet<SupportVectorOptions> Declared = new KeySet<SupportVectorOptions>(new())
        .Task(o => o.Regresses, (o, value) => o with { Regresses = value })
        .Word(
            "kernel", "What stands in the place of the product of two rows.", o => o.Kernel, (o, value) => o with { Kernel = value },
            [Linear, Rbf, Polynomial, Sigmoid], source: "LIBSVM")
        .Number(
            "c", "What a row costs, for each unit that it lies on the wrong side of its margin; very large for a hard margin.", o => o.C, (o, value) => o with { C = value },
            NumberRange.Positive, source: "LIBSVM")
        .NumberOrWord(
            "gamma", "Factor of the squared distance, or of the product; scale is 1 / (columns x variance of all numbers of the training rows).", o => o.Gamma,
            (o, value) => o with { Gamma = value }, NumberRange.Positive, Scale, source: "scikit-learn")
        .Whole("degree", "The power of a polynomial kernel.", o => o.Degree, (o, value) => o with { Degree = value }, 1, 30, source: "LIBSVM")
        .Number(
            "coefficient", "Added to the product in a polynomial or sigmoid kernel.", o => o.Coefficient, (o, value) => o with { Coefficient = value },
            NumberRange.Between(-1e6, 1e6), source: "LIBSVM")
        .Word(
            "loss", "What the distance to the margin costs: itself, or its square.", o => o.Squares ? SquaredHinge : Hinge,
            (o, value) => o with { Squares = value == SquaredHinge }, [Hinge, SquaredHinge], source: "LIBSVM")
        .Number(
            "epsilon", "The error of a regression that costs nothing, in units of the target.", o => o.Epsilon, (o, value) => o with { Epsilon = value },
            NumberRange.NotNegative, source: "LIBSVM")
        .Number(
            "tolerance", "How far the optimality conditions may be violated at the end.", o => o.Tolerance, (o, value) => o with { Tolerance = value },
            NumberRange.Positive, source: "LIBSVM")
        .Whole(
            "working-set", "The most rows of a pair of classes that one step solves for.", o => o.WorkingSet, (o, value) => o with { WorkingSet = value }, 2, WorkingSetMax,
            unit: "rows")
        .Check(RequireUsed);

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>The kernel: linear, rbf, polynomial or sigmoid.</summary>
    public string Kernel { get; init; } = Rbf;

    /// <summary>What a row costs, for each unit that it lies on the wrong side of its margin; above 0.</summary>
    public double C { get; init; } = 1;

    /// <summary>γ of the kernel, above 0; null for 1 / (columns · variance of all numbers).</summary>
    public double? Gamma { get; init; }

    /// <summary>The power of a polynomial kernel.</summary>
    public int Degree { get; init; } = 3;

    /// <summary>Added to the product in a polynomial or sigmoid kernel.</summary>
    public double Coefficient { get; init; }

    /// <summary>Whether the distance to the margin costs its square.</summary>
    public bool Squares { get; init; }

    /// <summary>The error of a regression that costs nothing.</summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>How far the optimality conditions may be violated.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The most rows of a pair of classes that one step solves for.</summary>
    public int WorkingSet { get; init; } = 512;

    /// <summary>The most that a dual variable may be.</summary>
    internal double Upper => Squares ? double.PositiveInfinity : C;

    /// <summary>Added to the diagonal of the kernel matrix.</summary>
    internal double Diagonal => Squares ? 1 / (2 * C) : 0;

    /// <summary>A key that is written and has no effect is an error of the job.</summary>
    private static void RequireUsed(JobMap map, SupportVectorOptions options)
    {
        SupportVectorOptions usual = new();
        Require("gamma", options.Gamma != usual.Gamma, options.Kernel != Linear, "no gamma with kernel: linear");
        Require("degree", options.Degree != usual.Degree, options.Kernel == Polynomial, $"no degree with kernel: {options.Kernel}");
        Require("coefficient", options.Coefficient != usual.Coefficient, options.Kernel is Polynomial or Sigmoid, $"no coefficient with kernel: {options.Kernel}");
        Require("loss", options.Squares, !options.Regresses, "hinge with task: regression");
        Require("epsilon", options.Epsilon != usual.Epsilon, options.Regresses, "no epsilon with task: classification");

        void Require(string key, bool written, bool used, string wanted)
        {
            if (written && !used) map.Error(key, wanted, "remove it, or change the other key");
        }
    }
}
