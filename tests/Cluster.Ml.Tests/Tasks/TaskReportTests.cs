using Cluster.Ml.Evaluation;
using Cluster.Ml.Tasks;

namespace Cluster.Ml.Tests.Tasks;

public sealed class TaskReportTests
{
    [Fact]
    public void A_report_reads_back_bit_by_bit()
    {
        double odd = BitConverter.Int64BitsToDouble(0x7FF8_0000_DEAD_BEEF);
        TaskReport report = new(new Metrics([new("rmse", 0.1), new("r2", odd)]), new string('0', 64)) { Reason = "wärmer" };

        TaskReport read = TaskReport.FromBytes(report.ToBytes());

        (read.ModelSha256, read.Reason).ShouldBe((report.ModelSha256, report.Reason));
        read.Figures.Values.Select(figure => (figure.Key, BitConverter.DoubleToInt64Bits(figure.Value)))
            .ShouldBe(report.Figures.Values.Select(figure => (figure.Key, BitConverter.DoubleToInt64Bits(figure.Value))));
    }

    [Fact]
    public void Equal_reports_have_equal_bytes() =>
        SearchJobs.Report(0.25).ToBytes().ShouldBe(SearchJobs.Report(0.25).ToBytes());

    [Fact]
    public void Bytes_that_are_cut_off_anywhere_or_go_on_are_refused()
    {
        byte[] whole = SearchJobs.Report(0.25).ToBytes();

        for (int length = 0; length < whole.Length; length++) Should.Throw<InvalidDataException>(() => TaskReport.FromBytes(whole.AsMemory(0, length)));
        Should.Throw<InvalidDataException>(() => TaskReport.FromBytes((byte[])[.. whole, 0]));
        Should.Throw<InvalidDataException>(() => TaskReport.FromBytes((byte[])[2, .. whole[1..]]));
    }
}
