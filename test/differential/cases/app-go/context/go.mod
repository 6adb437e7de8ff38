module example.test/app
