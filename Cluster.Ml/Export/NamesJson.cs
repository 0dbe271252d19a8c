using System.Text.Json.Serialization;

namespace Cluster.Ml.Export;

[JsonSerializable(typeof(string[]))]
internal sealed partial class NamesJson : JsonSerializerContext;
