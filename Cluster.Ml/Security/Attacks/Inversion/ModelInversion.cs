using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Security.Attacks.Inversion;

/// <summary>Model inversion: for each class the row that the model is surest of, which shows what the class looks like.</summary>
/// <remarks>
/// Equation      x ← Π(x − α·g/‖g‖), g the gradient of −log p_k by x, from the middle of the range, of pixels from black, until p_k ≥ 0.99; Π clamps to
///               the range of the data. α is a hundredth of the range's diagonal
/// Threat model  confidentiality of training data; white box: gradients. The attacker has no row. Rows are read only to measure what was found
/// Determinism   nothing is random
/// Source        Fredrikson, Jha, Ristenpart, "Model Inversion Attacks that Exploit Confidence Information and Basic Countermeasures", CCS 2015,
///               algorithm 1
/// Differs       from the paper in a step of fixed length: a sure model's gradient is too small to follow by its size
/// </remarks>
internal sealed class ModelInversion : AttackKind
{
    private const int StepsUsual = 500;
    private const double Sure = 0.99;

    public override string Name => "invert";

    public override string Meaning => "an image of each class, from gradients alone";

    public override string ThreatModel => "Model inversion, white box: the attacker knows the model and its gradients, has no row, and wants to see what a class looks like.";

    public override string Source => "Fredrikson, Jha and Ristenpart, CCS 2015";

    public override IReadOnlyList<string> Flags => ["steps", "step-size", "out"];

    public override AttackReport Run(AttackTarget target, AttackSettings settings)
    {
        (AttackedRows rows, AttackUnits units) = target.Read();
        AttackedModel model = target.Open(units);
        if (!model.HasGradients)
            throw new BadInputException(
                target.RequiredModel.Spec.Name, null, null, "a model with gradients by its rows", target.RequiredModel.Spec.Form.Name, "use a network, or softmax or logistic with an optimizer that follows gradients, such as adam");
        double[] confidences = new double[model.Classes];
        float[] found = Invert(model, settings, confidences);
        ClassLikeness likeness = new(rows, model.Classes);
        double[] alike = [.. Enumerable.Range(0, model.Classes).Select(k => likeness.Of(found.AsSpan(k * rows.Columns, rows.Columns), k))];
        int[] known = [.. Enumerable.Range(0, model.Classes).Where(k => rows.Labels.Contains(k))];
        JsonObject figures = new()
        {
            ["attack"] = Name,
            ["classes"] = model.Classes,
            ["reached"] = (double)confidences.Count(p => p >= Sure) / model.Classes,
            ["confidence_mean"] = confidences.Average(),
            ["recognised"] = (double)known.Count(k => likeness.Nearest(found.AsSpan(k * rows.Columns, rows.Columns)) == k) / known.Length,
            ["correlation_mean"] = known.Average(k => alike[k]),
            ["gradients"] = model.Gradients,
            ["units"] = units.Name,
            ["model_sha256"] = target.RequiredModel.Model.Sha256,
        };
        return new AttackReport(figures, [ThreatModel]) { Image = Draw(model, found) };
    }

    /// <summary>The row of each class, [classes × columns].</summary>
    internal static float[] Invert(AttackedModel model, AttackSettings settings, double[] confidences)
    {
        int columns = model.Columns, classes = model.Classes;
        float[] x = new float[classes * columns], gradients = new float[x.Length];
        for (int i = 0; i < x.Length; i++) x[i] = model.Image is not null ? model.Low[i % columns] : (model.Low[i % columns] + model.High[i % columns]) / 2;
        double size = settings.StepSize ?? (NormBall.Distance(Norm.L2, model.Low, model.High) / 100);
        int steps = settings.Steps ?? StepsUsual;
        for (int step = 0; step <= steps; step++)
        {
            model.GradientsOf(x, (k, logits, gradient) => confidences[k] = StableMath.Exp(-LogitGradients.CrossEntropy(logits, k, gradient)), gradients);
            if (step == steps || confidences.All(p => p >= Sure)) break;
            for (int k = 0; k < classes; k++)
            {
                if (confidences[k] >= Sure) continue;
                Span<float> row = x.AsSpan(k * columns, columns);
                NormBall.Step(Norm.L2, gradients.AsSpan(k * columns, columns), -size, row);
                for (int c = 0; c < columns; c++) row[c] = Math.Clamp(row[c], model.Low[c], model.High[c]);
            }
        }
        return x;
    }

    /// <summary>The classes side by side; rows that are no images, but have a square number of columns, as squares.</summary>
    private static Export.Image Draw(AttackedModel model, float[] rows)
    {
        int side = (int)Math.Round(Math.Sqrt(model.Columns));
        ImageShape image = model.Image ?? (side * side == model.Columns ? new ImageShape(side, side, 1) : new ImageShape(1, model.Columns, 1));
        float[] shares = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            (float low, float high) = (model.Low[i % model.Columns], model.High[i % model.Columns]);
            shares[i] = high > low ? (rows[i] - low) / (high - low) : 0;
        }
        return ImageSheet.Lay(shares, image, model.Classes, 1, model.Classes);
    }
}
