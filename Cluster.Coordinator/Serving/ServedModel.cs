using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Serving;

/// <summary>One version of a model, as it was read.</summary>
internal sealed class ServedModel
{
    private readonly ILearner _learner;
    private readonly Dictionary<string, int> _columns;

    private ServedModel(string name, int version, SavedModel saved)
    {
        (Name, Version, Saved) = (name, version, saved);
        _learner = saved.CreateLearner();
        Form = new RowForm(saved, _learner);
        _columns = saved.Preprocessing.FeatureNames.Select((column, place) => (column, place)).ToDictionary(pair => pair.column, pair => pair.place, StringComparer.Ordinal);
    }

    /// <summary>What requests call the model.</summary>
    public string Name { get; }

    /// <summary>The version, from 1.</summary>
    public int Version { get; }

    /// <summary>The version as requests write it.</summary>
    public string VersionText => Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the file holds.</summary>
    public SavedModel Saved { get; }

    /// <summary>What is said of a row.</summary>
    public RowForm Form { get; }

    /// <summary>What must be done to rows.</summary>
    public Preprocessing Preprocessing => Saved.Preprocessing;

    /// <summary>Numbers a row.</summary>
    public int Columns => Preprocessing.FeatureNames.Count;

    /// <summary>The element type of scaled rows.</summary>
    public NumberKind Numbers => _learner.Numbers;

    /// <summary>Takes a model that was read.</summary>
    /// <exception cref="BadInputException">It says nothing of a row of numbers.</exception>
    public static ServedModel Of(string path, string name, int version, SavedModel saved) =>
        saved.Shape.Words is null && saved.Preprocessing.Text is null ? new ServedModel(name, version, saved)
        : throw new BadInputException(path, null, null, "a model that says something of a row of numbers", $"{saved.Spec.Model.Kind}, which is one of texts", "serve another model");

    /// <summary>The place of a column in a row; −1 if it is none of the model's.</summary>
    public int ColumnOf(string name) => _columns.GetValueOrDefault(name, -1);

    /// <summary>What predicts on one thread.</summary>
    public IContributor CreateContributor() => _learner.CreateContributor();

    /// <summary>Predicts rows. The answer for a row has the same bits in every batch.</summary>
    /// <param name="contributor">The thread's own.</param>
    /// <param name="rows">Scaled, [count, Columns].</param>
    /// <param name="count">How many.</param>
    public RowAnswers Predict(IContributor contributor, NumericBuffer rows, int count)
    {
        RowAnswers answers = new(this, new double[count], new double[count * Form.Width]);
        if (_learner.PredictsByRowAlone)
        {
            contributor.Predict(Saved.Model.State, RangeOf(rows, count), answers.Predictions, answers.Scores);
            return answers;
        }
        // Randomness is keyed by a row's place: each is predicted as the first.
        for (int row = 0; row < count; row++)
            contributor.Predict(
                Saved.Model.State, RangeOf(Slice(rows, row), 1), answers.Predictions.AsSpan(row, 1), answers.Scores.AsSpan(row * Form.Width, Form.Width));
        return answers;
    }

    private NumericBuffer Slice(NumericBuffer rows, int row)
    {
        NumericBuffer one = new(rows.Kind, Columns);
        if (rows.Kind == NumberKind.Float32) rows.Floats.Slice(row * Columns, Columns).CopyTo(one.Floats);
        else rows.Doubles.Slice(row * Columns, Columns).CopyTo(one.Doubles);
        return one;
    }

    private RowRange RangeOf(NumericBuffer rows, int count)
    {
        int[] order = new int[count];
        for (int row = 0; row < count; row++) order[row] = row;
        return new RowRange(new RowTable(rows, Columns, []), order);
    }
}

/// <summary>What a model says of some rows.</summary>
/// <param name="Model">Which model.</param>
/// <param name="Predictions">[rows].</param>
/// <param name="Scores">[rows, Form.Width].</param>
internal sealed record RowAnswers(ServedModel Model, double[] Predictions, double[] Scores)
{
    /// <summary>How many rows.</summary>
    public int Count => Predictions.Length;

    /// <summary>The numbers beside a row's prediction.</summary>
    public ArraySegment<double> ScoresOf(int row) => new(Scores, row * Model.Form.Width, Model.Form.Width);

    /// <summary>Some of the rows.</summary>
    public RowAnswers Slice(int first, int count) => new(
        Model, Predictions.AsSpan(first, count).ToArray(), Scores.AsSpan(first * Model.Form.Width, count * Model.Form.Width).ToArray());

    /// <summary>Refuses numbers that are not finite.</summary>
    /// <exception cref="BadInputException">One is not; its place is the row's.</exception>
    public void RequireFinite(string source) => FiniteResults.RequirePredictions(source, 0, Predictions, Scores);
}
