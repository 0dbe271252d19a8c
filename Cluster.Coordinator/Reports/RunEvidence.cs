using System.Text.Json.Nodes;
using Cluster.Coordinator.Jobs;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>The model of a run and the data that it was trained on, as far as both are there.</summary>
/// <param name="Saved">The model; null if it cannot be read.</param>
/// <param name="Data">The data of its job; null if they cannot be read, or are of a kind that is not looked at row by row.</param>
/// <param name="Held">What the model says of rows that it has not learned from: test rows, else validation rows; null if there are none.</param>
/// <param name="Diagnosis">How it fits; null if nothing can be said.</param>
/// <param name="Notes">What is missing and why.</param>
internal sealed record RunEvidence(SavedModel? Saved, PreparedData? Data, SplitAnswers? Held, RunDiagnosis? Diagnosis, IReadOnlyList<string> Notes)
{
    // A figure is computed again by the same sums: any difference but of a last bit is one of the data.
    private const double Rounding = 1e-9;

    /// <summary>Whether single training rows may be shown: those of a private run may not.</summary>
    public bool ShowsRows => Data is not null && Saved!.Spec.Privacy is null;

    /// <summary>Reads them.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <param name="result">What training gave.</param>
    /// <param name="storage">Where rows are kept.</param>
    public static RunEvidence Find(string directory, JsonObject result, RowStorage storage)
    {
        List<string> notes = [];
        if (Try(() => ModelFile.Read(Path.Combine(directory, FileModelStore.FileName)), notes) is not { } saved) return new(null, null, null, null, notes);
        if (saved.Shape.Words is not null || saved.Preprocessing.Text is not null || !saved.Spec.Data.IsRead) return new(saved, null, null, null, notes);
        if (Try(() => OfRows(saved, result, storage, notes), notes) is { } whole) return whole;
        notes.Add("Without the data there are no charts of what the model says of single rows.");
        return new(saved, null, null, null, notes);
    }

    private static RunEvidence OfRows(SavedModel saved, JsonObject result, RowStorage storage, List<string> notes)
    {
        ILearner learner = saved.CreateLearner();
        PreparedData data = PreparedData.Load(saved.Spec, learner.Numbers, storage);
        if (data.Shape.Features != saved.Shape.Features || data.Shape.TrainingExamples != saved.Shape.TrainingExamples)
            throw new BadInputException(saved.Spec.Data.Source, null, null,
                $"the data of the run: {saved.Shape.TrainingExamples} training rows of {saved.Shape.Features} features", $"{data.Shape.TrainingExamples} of {data.Shape.Features}", "put the data back as they were");
        int width = new Serving.RowForm(saved, learner).Width;
        (string name, RowRange rows) = data.Test.Count > 0 ? ("test", data.Test) : ("validation", data.Validation);
        SplitAnswers? held = rows.Count == 0 ? null : SplitAnswers.Of(name, rows, saved, learner, width);
        if (held is { } answers && HaveChanged(saved, learner, answers, result))
            notes.Add($"The data have changed since training: the figures of {answers.Words} are no longer those that training gave. The charts below are of the data as they are now.");
        return new(saved, data, held, RunDiagnosis.Of(result["metrics"] as JsonObject ?? [], () => data), notes);
    }

    private static bool HaveChanged(SavedModel saved, ILearner learner, SplitAnswers answers, JsonObject result)
    {
        if (answers.Count < answers.All) return false;
        Metrics now = EvaluationPlan.Measure(learner, learner.CreateContributor(), saved.Model.State, answers.Rows, saved.Spec.Training.MicroBatches);
        return now.Values.Any(figure => RunDiagnosis.Number(result["metrics"] as JsonObject ?? [], answers.Name, figure.Key) is { } value
            && Math.Abs(value - figure.Value) > Rounding * Math.Max(1, Math.Abs(value)));
    }

    private static T? Try<T>(Func<T> read, List<string> notes)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception absent) when (absent is BadInputException or IOException or UnauthorizedAccessException)
        {
            notes.Add(absent is BadInputException ? absent.Message : Cli.FailureText.Of(absent));
            return null;
        }
    }
}
