using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Serving;

/// <summary>What a model says of one row, and how it is written: as `predict` does, as the HTTP API does.</summary>
internal sealed class RowForm(SavedModel saved, ILearner learner)
{
    /// <summary>The classes that scores belong to; none if a number is predicted.</summary>
    public IReadOnlyList<string> Classes => saved.Preprocessing.Classes;

    /// <summary>What the numbers of a vector are called; none if no vector is predicted.</summary>
    public IReadOnlyList<string> OutputNames { get; } = (learner as IVectorOutput)?.OutputNames ?? [];

    /// <summary>What the numbers beside a cluster are called; none if there are none.</summary>
    public IReadOnlyList<string> MembershipNames { get; } = (learner as IMembership)?.MembershipNames ?? [];

    /// <summary>Whether a class is predicted.</summary>
    public bool Classifies => Classes.Count > 0;

    /// <summary>Whether a vector is predicted.</summary>
    public bool GivesVectors => OutputNames.Count > 0;

    /// <summary>Numbers beside the prediction of a row.</summary>
    public int Width => GivesVectors ? OutputNames.Count : MembershipNames.Count > 0 ? MembershipNames.Count : Classes.Count;

    /// <summary>The header of a table of predictions.</summary>
    public IReadOnlyList<string> Columns => GivesVectors ? OutputNames : ["prediction", .. Classes.Select(name => $"probability_{name}"), .. MembershipNames];

    /// <summary>The class, or the number in the digits that read back as the same one.</summary>
    public string TextOf(double prediction) => Classifies ? Classes[(int)prediction] : Predictions.Exact(prediction);

    /// <summary>The fields of a line of such a table.</summary>
    public IEnumerable<string> Fields(double prediction, IEnumerable<double> scores) =>
        GivesVectors ? scores.Select(Predictions.Exact) : scores.Select(Predictions.Exact).Prepend(TextOf(prediction));

    /// <summary>Adds what is said of a row.</summary>
    public void AddTo(JsonObject row, double prediction, IEnumerable<double> scores)
    {
        row["prediction"] = Classifies ? TextOf(prediction)
            : GivesVectors ? new JsonArray([.. scores.Select(ResultJson.Number)])
            : ResultJson.Number(prediction);
        foreach ((string name, double number) in MembershipNames.Zip(scores)) row[name] = ResultJson.Number(number);
        if (!Classifies) return;
        JsonObject probabilities = [];
        foreach ((string name, double score) in Classes.Zip(scores)) probabilities[name] = ResultJson.Number(score);
        row["probabilities"] = probabilities;
    }
}
