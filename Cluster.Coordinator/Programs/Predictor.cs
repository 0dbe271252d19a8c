using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Serving;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Programs;

/// <summary>A trained model that says something of rows; one thread at a time.</summary>
public sealed class Predictor
{
    private readonly string _path;
    private readonly ServedModel _model;
    private readonly IContributor _contributor;

    private Predictor(string path, ServedModel model) => (_path, _model, _contributor) = (path, model, model.CreateContributor());

    /// <summary>The columns of a row, in their order.</summary>
    public IReadOnlyList<string> Columns => _model.Preprocessing.FeatureNames;

    /// <summary>The classes that are told apart; none if a number is predicted.</summary>
    public IReadOnlyList<string> Classes => _model.Form.Classes;

    /// <summary>Reads a model's file.</summary>
    /// <param name="modelPath">The file.</param>
    /// <exception cref="BadInputException">It cannot be read, or says nothing of a row of numbers.</exception>
    public static Predictor Open(string modelPath)
    {
        SavedModel saved = ModelFile.Read(modelPath);
        return new Predictor(modelPath, ServedModel.Of(modelPath, saved.Spec.Name, 1, saved));
    }

    /// <summary>Predicts each row of a file, as `cluster predict` does. Its target, if it has one, is not looked at.</summary>
    /// <param name="source">The file, or the folder of images.</param>
    /// <exception cref="BadInputException">It cannot be read, or lacks a column.</exception>
    public IEnumerable<RowPrediction> Predict(string source)
    {
        string path = Path.GetFullPath(source);
        ILearner learner = _model.Saved.CreateLearner();
        RowRange rows = PreparedData.LoadForPrediction(path, _model.Preprocessing, learner.Numbers);
        return new Predictions(path, _model.Saved, learner, rows).All().Select(row => Named(row.Text, row.Value, row.Scores));
    }

    /// <summary>Predicts one row.</summary>
    /// <param name="row">A number for each of <see cref="Columns"/>, in units of the source.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    /// <exception cref="BadInputException">A number is out of range.</exception>
    public RowPrediction Predict(params ReadOnlySpan<double> row)
    {
        if (row.Length != _model.Columns) throw new ArgumentException($"{_path}: wanted {_model.Columns} numbers, got {row.Length}.", nameof(row));
        RowAnswers answers = _model.Predict(_contributor, RequestRows.Scale("row", row.ToArray(), _model.Preprocessing, _model.Numbers), 1);
        return Named(_model.Form.TextOf(answers.Predictions[0]), answers.Predictions[0], answers.Scores);
    }

    private RowPrediction Named(string text, double value, IEnumerable<double> scores)
    {
        RowForm form = _model.Form;
        IReadOnlyList<string> names = form.GivesVectors ? form.OutputNames : form.MembershipNames.Count > 0 ? form.MembershipNames : form.Classes;
        return new RowPrediction(text, value, names.Zip(scores).ToDictionary(score => score.Item1, score => score.Item2));
    }
}
