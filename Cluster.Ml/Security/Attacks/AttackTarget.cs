using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Security.Attacks;

/// <summary>What an attack is made on, and with what.</summary>
public sealed class AttackTarget
{
    /// <summary>The trained model; null if a job is attacked.</summary>
    public SavedModel? Model { get; init; }

    /// <summary>The job that is attacked; null if a trained model is.</summary>
    public JobSpec? Job { get; init; }

    /// <summary>Rows with their classes: a CSV file with the model's columns, or images.</summary>
    public string Data { get; init; } = "";

    /// <summary>At most so many of them, evenly spaced; null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>The least value of all columns; null for what is known of the source.</summary>
    public double? Low { get; init; }

    /// <summary>The greatest value of all columns; null for what is known of the source.</summary>
    public double? High { get; init; }

    /// <summary>The attacker's own model of the same columns and classes, or null.</summary>
    public SavedModel? Substitute { get; init; }

    /// <summary>Where rows are kept.</summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>Runs parts side by side.</summary>
    public IPartRunner Runner { get; init; } = PartsInTurn.Instance;

    internal SavedModel RequiredModel => Model ?? throw new InvalidOperationException("AttackTarget: wanted a trained model, got none.");

    internal JobSpec RequiredJob => Job ?? throw new InvalidOperationException("AttackTarget: wanted a job, got none.");

    /// <summary>The rows, in the attacker's units, and the units.</summary>
    /// <exception cref="BadInputException">The model has no classes, or the rows are not known to belong to them.</exception>
    internal (AttackedRows Rows, AttackUnits Units) Read()
    {
        SavedModel model = RequiredModel;
        if (model.Preprocessing.TargetKind != TargetKind.Class || model.Preprocessing.Text is not null)
            throw new BadInputException(model.Spec.Name, null, null, "a model that tells classes apart", model.Spec.Model.Kind, "attack a classifier, such as softmax, mlp or cnn");
        bool bytes = ReadWith(AttackUnits.ReaderOf(false)).Table.HoldsBytes;
        RowRange range = ReadWith(AttackUnits.ReaderOf(bytes));
        if (range.Table.Targets.Length == 0)
            throw new BadInputException(Data, null, null, "rows whose classes are known", "none", "name data with targets");
        int count = Math.Min(Rows ?? range.Count, range.Count), columns = range.Table.Columns;
        (float[] all, float[] numbers) = (new float[range.Count * columns], new float[count * columns]);
        for (int row = 0; row < range.Count; row++) range.Table.CopyFloats(range.Order.Span[row], all.AsSpan(row * columns, columns));
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * range.Count / count))];
        for (int i = 0; i < count; i++) all.AsSpan(chosen[i] * columns, columns).CopyTo(numbers.AsSpan(i * columns));
        AttackedRows rows = new(numbers, [.. chosen.Select(row => (int)range.Table.Targets[range.Order.Span[row]])], [.. chosen.Select(row => range.Order.Span[row])], columns);
        return (rows, AttackUnits.Of(model.Preprocessing.Scaler, all, columns, bytes, Low, High));
    }

    /// <summary>The attacked model, for one thread.</summary>
    internal AttackedModel Open(AttackUnits units)
    {
        SavedModel model = RequiredModel;
        AttackedModel? substitute = Substitute is null ? null : Open(Substitute, units with
        {
            Offsets = Rescaled(Substitute.Preprocessing.Scaler.OffsetOf, model.Preprocessing.Scaler.DivisorOf, units),
            Divisors = Rescaled(Substitute.Preprocessing.Scaler.DivisorOf, model.Preprocessing.Scaler.DivisorOf, units),
        });
        return new AttackedModel(model.CreateLearner(), model.Model.State, model.Preprocessing.Classes.Count, units)
        {
            Substitute = substitute,
            Image = model.Preprocessing.Image,
        };
    }

    private static AttackedModel Open(SavedModel model, AttackUnits units) =>
        new(model.CreateLearner(), model.Model.State, model.Preprocessing.Classes.Count, units);

    // The unit of a column is the model's divisor over that of the attacker.
    private static double[] Rescaled(Func<int, double> own, Func<int, double> models, AttackUnits units) =>
        [.. units.Divisors.Select((divisor, column) => own(column) / (models(column) / divisor))];

    private RowRange ReadWith(Scaler scaler)
    {
        SavedModel model = RequiredModel;
        return PreparedData.LoadForEvaluation(Data, model.Preprocessing with { Scaler = scaler }, model.Spec.Data.Classes, Numerics.NumberKind.Float32, Storage);
    }
}
