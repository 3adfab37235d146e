using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Squero.Ui;

/// <summary>
/// Addresses of the bundled styles and scripts, with the fingerprint that lets browsers keep them for ever.
/// Pages returned by minimal endpoints have no `Assets` of their own, so the endpoints themselves are asked.
/// </summary>
public sealed class AssetUrls(EndpointDataSource endpoints)
{
    private const string Folder = "_content/Squero.Ui/build/";
    private readonly Lazy<FrozenDictionary<string, string>> _fingerprinted = new(() => Read(endpoints));

    public string this[string name] =>
        "/" + (_fingerprinted.Value.TryGetValue(Folder + name, out var route) ? route : Folder + name);

    private static FrozenDictionary<string, string> Read(EndpointDataSource endpoints)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Endpoints)
        {
            var asset = endpoint.Metadata.GetMetadata<StaticAssetDescriptor>();
            var label = asset?.Properties.FirstOrDefault(property => property.Name == "label")?.Value;
            if (label is not null && asset!.Selectors.Count == 0)
                found[label] = asset.Route;
        }
        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
