using Squero.Server;

// Answered before anything is loaded: scripts ask often.
if (args is ["--version"])
{
    Console.WriteLine(ProductVersion.Text);
    return 0;
}

return await CommandLine.RunAsync(args);
