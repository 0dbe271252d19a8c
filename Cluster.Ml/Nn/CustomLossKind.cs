using Cluster.Ml.Custom;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>A network that predicts a number under a loss which a program added.</summary>
internal sealed class CustomLossKind(string name, string meaning, CustomLoss loss) : NetworkKind
{
    public override string Name => name;

    public override string Meaning => meaning;

    internal override KeySet Options => NetworkOptions.OfClasses;

    public override TargetKind TargetOf(ModelOptions options) => TargetKind.Number;

    public override OutputForm OutputOf(ModelOptions options) => OutputForm.Number;

    public override IReadOnlyList<Figure> FiguresOf(ModelOptions options) => Figure.OfNumbers;

    internal override NetworkModel Build(JobSpec spec, DataShape shape) => NetworkFactory.Layered(spec, shape, new RowLoss(loss));

    /// <summary>The loss as the library sees it.</summary>
    private sealed class RowLoss(CustomLoss loss) : Loss
    {
        public override bool Classifies => false;

        public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
        {
            double output = outputs[0], cost = loss.Of(output, target.Value);
            if (!gradient.IsEmpty) gradient[0] = (float)loss.Gradient(output, target.Value);
            return cost;
        }

        public override bool WriteOnnx(OnnxModel model, string outputs)
        {
            model.OutputNumber(model.Graph.Reshape(outputs));
            return true;
        }

        public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
    }
}
