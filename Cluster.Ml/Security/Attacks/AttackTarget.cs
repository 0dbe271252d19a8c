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

    /// <summary>Further models of the same columns and classes, which rows are made against and shown to; of a transferability matrix alone.</summary>
    public IReadOnlyList<SavedModel> Others { get; init; } = [];

    /// <summary>The data, where it was read already: of a trained model, the rows as <see cref="ReadRows"/> gives them; null if it is still to be read.</summary>
    internal PreparedData? Prepared { get; init; }

    /// <summary>Where rows are kept.</summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>Runs parts side by side.</summary>
    public IPartRunner Runner { get; init; } = PartsInTurn.Instance;

    internal SavedModel RequiredModel => Model ?? throw new InvalidOperationException("AttackTarget: wanted a trained model, got none.");

    internal JobSpec RequiredJob => Job ?? throw new InvalidOperationException("AttackTarget: wanted a job, got none.");

    /// <summary>The data of the attacked job.</summary>
    /// <exception cref="BadInputException">The data cannot be used.</exception>
    internal PreparedData ReadJob() => Prepared ?? PreparedData.Load(RequiredJob, Learners.NumbersFor(RequiredJob), Storage);

    /// <summary>The rows that the attacked model is asked about, in the attacker's units, all of them.</summary>
    /// <exception cref="BadInputException">The model has no classes, or the rows are not known to belong to them.</exception>
    internal RowRange ReadRows()
    {
        if (Prepared is { } prepared) return prepared.Test;
        SavedModel model = RequiredModel;
        if (model.Preprocessing.TargetKind != TargetKind.Class || model.Preprocessing.Text is not null)
            throw new BadInputException(model.Spec.Name, null, null, "a model that tells classes apart", model.Spec.Model.Kind, "attack a classifier, such as softmax, mlp or cnn");
        RowRange range = ReadWith(AttackUnits.ReaderOf(false));
        if (range.Table.HoldsBytes) range = ReadWith(AttackUnits.ReaderOf(true));
        return range.Table.Targets.Length > 0 ? range
            : throw new BadInputException(Data, null, null, "rows whose classes are known", "none", "name data with targets");
    }

    /// <summary>The rows, in the attacker's units, and the units.</summary>
    /// <exception cref="BadInputException">The model has no classes, or the rows are not known to belong to them.</exception>
    internal (AttackedRows Rows, AttackUnits Units) Read()
    {
        RowRange range = ReadRows();
        int count = Math.Min(Rows ?? range.Count, range.Count), columns = range.Table.Columns;
        (float[] all, float[] numbers) = (new float[range.Count * columns], new float[count * columns]);
        for (int row = 0; row < range.Count; row++) range.Table.CopyFloats(range.Order.Span[row], all.AsSpan(row * columns, columns));
        int[] chosen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * range.Count / count))];
        for (int i = 0; i < count; i++) all.AsSpan(chosen[i] * columns, columns).CopyTo(numbers.AsSpan(i * columns));
        AttackedRows rows = new(numbers, [.. chosen.Select(row => (int)range.Table.Targets[range.Order.Span[row]])], [.. chosen.Select(row => range.Order.Span[row])], columns);
        return (rows, AttackUnits.Of(RequiredModel.Preprocessing.Scaler, all, columns, range.Table.HoldsBytes, Low, High));
    }

    /// <summary>The attacked model, for one thread.</summary>
    internal AttackedModel Open(AttackUnits units) => new(RequiredModel.CreateLearner(), RequiredModel.Model.State, RequiredModel.Preprocessing.Classes.Count, units)
    {
        Substitute = Substitute is null ? null : Open(Substitute, units),
        Image = RequiredModel.Preprocessing.Image,
    };

    /// <summary>A model of the same columns and classes, perhaps scaled otherwise, for one thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="units">Of the attacked model.</param>
    internal AttackedModel Open(SavedModel model, AttackUnits units)
    {
        Scaler attacked = RequiredModel.Preprocessing.Scaler;
        AttackUnits own = units with
        {
            Offsets = Rescaled(model.Preprocessing.Scaler.OffsetOf, attacked.DivisorOf, units),
            Divisors = Rescaled(model.Preprocessing.Scaler.DivisorOf, attacked.DivisorOf, units),
        };
        return new(model.CreateLearner(), model.Model.State, model.Preprocessing.Classes.Count, own) { Image = model.Preprocessing.Image };
    }

    // The unit of a column is the model's divisor over that of the attacker.
    private static double[] Rescaled(Func<int, double> own, Func<int, double> models, AttackUnits units) =>
        [.. units.Divisors.Select((divisor, column) => own(column) / (models(column) / divisor))];

    private RowRange ReadWith(Scaler scaler)
    {
        SavedModel model = RequiredModel;
        return PreparedData.LoadForEvaluation(Data, model.Preprocessing with { Scaler = scaler }, model.Spec.Data.Classes, Numerics.NumberKind.Float32, Storage);
    }
}
