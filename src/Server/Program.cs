Console.WriteLine("squero");
